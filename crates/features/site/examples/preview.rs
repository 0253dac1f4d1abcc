//! The public site, to be looked at: an instance in a throwaway folder with two letters, filled from a folder of
//! Markdown files per letter, served behind the real guard.
//!
//! `cargo run -p site --example preview -- 127.0.0.1:7980 crates/shell/demo/content`

use std::error::Error;
use std::path::Path;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use instance::{Config, Instance};
use letter::Look;
use publications::{NewPublication, Publication};
use web::{Guard, WebConfig, WebError};
use wire::Address;
use wire::token::Purpose;

const WEEK: i64 = 7 * 24 * 3600 * 1_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:7980".to_owned());
    let content = arguments.next().unwrap_or_else(|| "crates/shell/demo/content".to_owned());
    let folder = std::env::temp_dir().join(format!("site-preview-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut config = Config::in_folder(&folder);
    config.base_url = format!("http://{address}");
    let instance = Instance::open(config).await?;

    let french = letter(&instance, "la-goupille", "La Goupille", "fr", "#b8402a").await?;
    let english = letter(&instance, "the-cotter-pin", "The Cotter Pin", "en", "#1f5f6b").await?;
    publications::tie(&instance, french.id, english.id).await?;
    for publication in [&french, &english] {
        fill(&instance, publication, &Path::new(&content).join(publication.slug.as_str())).await?;
    }
    println!("{}", heart(&instance, &french).await?);

    let pictures = Path::new(&content).join("pictures");
    let routes: Router = site::routes()
        .with_state(instance)
        .merge(web::routes())
        .route("/assets/demo/{name}", get(move |path| picture(pictures, path)));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}/", listener.local_addr()?);
    let guard = Guard::new(WebConfig::new(&format!("http://{address}")));
    axum::serve(listener, guard.around(routes)).await?;
    Ok(())
}

async fn letter(
    instance: &Instance,
    slug: &str,
    name: &str,
    language: &str,
    accent: &str,
) -> Result<Publication, Box<dyn Error>> {
    let french = language == "fr";
    let tagline = if french {
        "Chaque jeudi, comment les choses se goupillent vraiment"
    } else {
        "How things actually hold together"
    };
    let description = if french {
        "Une goupille, c'est la petite tige qui empêche tout le reste de tomber. Chaque jeudi matin, Maud Vireloup va \
         voir qui la tient : dans les villes, les machines et les réunions du mardi."
    } else {
        "Every other Thursday, Hester Pocklow takes the best story about benches, buttons and boilers, checks it \
         twice, and tells it with the kettle on."
    };
    let new = NewPublication {
        slug: slug.to_owned(),
        name: name.to_owned(),
        from: format!("Maud <maud@{slug}.example>"),
        language: language.to_owned(),
        tagline: Some(tagline.to_owned()),
        description: Some(description.to_owned()),
        postal_address: Some("14 bis impasse de l'Écrou, 63999 Saint-Hilaire-des-Boulons".to_owned()),
        look: Some(Look { accent: accent.parse()?, ..Look::default() }),
        ..NewPublication::default()
    };
    Ok(publications::create(instance, new).await?)
}

/// One edition a file, a week apart, the last one sent just now.
async fn fill(instance: &Instance, publication: &Publication, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.map(|file| file.map(|file| file.path())).collect::<Result<_, _>>()?;
    files.retain(|file| !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("draft")));
    files.sort();
    for (weeks, file) in (0..).zip(files.iter().rev()).collect::<Vec<_>>().into_iter().rev() {
        let text = std::fs::read_to_string(file)?.replace("{{base}}", &instance.config.base_url);
        let edition = editions::create(instance, publication, &text).await?;
        editions::start_sending(instance, edition.id, instance.now_us() - weeks * WEEK).await?;
        editions::finish_sending(instance, edition.id).await?;
    }
    Ok(())
}

/// The link a reader's mail would hold.
async fn heart(instance: &Instance, publication: &Publication) -> Result<String, Box<dyn Error>> {
    let reader = audience::ensure_reader(instance, &Address::parse("ada@lecteurs.example")?).await?;
    let edition =
        editions::recent(instance, publication.id, 1).await?.pop().ok_or("no edition in the folder")?;
    let key = audience::tokens(instance);
    let token = key.sign(Purpose::Heart, edition.id.unsigned_abs(), reader.unsigned_abs());
    Ok(instance.url(&format!("/r/heart/{token}")))
}

async fn picture(
    folder: std::path::PathBuf,
    axum::extract::Path(name): axum::extract::Path<String>,
) -> Result<impl IntoResponse, WebError> {
    // The router gives one segment of a path, so no slash is in it; `..` alone is a folder and cannot be read.
    let bytes = std::fs::read(folder.join(name)).map_err(|_| WebError::NotFound)?;
    Ok(([(CONTENT_TYPE, "image/png")], bytes))
}
