//! Throwaway: the desk with a few editions.
use axum::{Router, extract::Request, middleware::{Next, from_fn}};
use i18n::Language;
use instance::{Clock, Config, Instance};
use web::{Guard, WebConfig};

#[tokio::main]
async fn main() {
    let address = "127.0.0.1:7991";
    let folder = std::env::args().nth(1).unwrap();
    let mut config = Config::in_folder(&folder);
    config.base_url = format!("http://{address}");
    let store = store::Store::open(&config.database_url).await.unwrap();
    let instance = Instance::with(store, config, Clock::system()).await.unwrap();
    let account = match accounts::owner(&instance).await.unwrap() {
        Some(account) => account,
        None => {
            let account = accounts::create_owner(&instance, "maud@goupille.example", "Maud Vireloup", "une petite phrase", Language::French).await.unwrap();
            let new = publications::NewPublication { slug: "la-goupille".into(), name: "La Goupille".into(), from: "Maud de La Goupille <maud@goupille.example>".into(), language: "fr".into(), postal_address: Some("La Goupille, 14 bis impasse de l'Écrou, 63999 Saint-Hilaire-des-Boulons".into()), look: Some(letter::Look { accent: "#B8402A".parse().unwrap(), ..letter::Look::default() }), ..Default::default() };
            let goupille = publications::create(&instance, new).await.unwrap();
            let new = publications::NewPublication { slug: "vide".into(), name: "La Vide".into(), from: "a@goupille.example".into(), language: "fr".into(), ..Default::default() };
            publications::create(&instance, new).await.unwrap();
            let mut names: Vec<_> = std::fs::read_dir("crates/shell/demo/content/la-goupille").unwrap().map(|it| it.unwrap().path()).collect();
            names.sort();
            for (index, name) in names.iter().enumerate() {
                let text = std::fs::read_to_string(name).unwrap().replace("{{base}}", &format!("http://{address}"));
                match editions::create(&instance, &goupille, &text).await {
                    Ok(edition) if !name.to_string_lossy().contains("draft") => {
                        editions::start_sending(&instance, edition.id, instance.now_us() - (20 - index as i64) * 7 * 86_400_000_000).await.unwrap();
                        if index < 5 { editions::finish_sending(&instance, edition.id).await.unwrap(); }
                    }
                    Ok(_) => {}
                    Err(error) => println!("{}: {error}", name.display()),
                }
            }
            account
        }
    };
    let session = accounts::start(&instance, account.id).await.unwrap();
    let cookie = format!("soucoupe={}; lang={}", session.token, std::env::args().nth(2).unwrap_or("fr".into()));
    let routes: Router = editions::routes().merge(publications::routes()).with_state(instance).merge(web::routes());
    let guarded = Guard::new(WebConfig::new(&format!("http://{address}"))).around(routes);
    let app = guarded.layer(from_fn(move |mut request: Request, next: Next| {
        let cookie = cookie.clone();
        async move {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
            next.run(request).await
        }
    }));
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    println!("ready");
    axum::serve(listener, app).await.unwrap();
}
