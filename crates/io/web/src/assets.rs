//! Files inside the program, served under names that contain a hash of them: a browser keeps them for ever.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aws_lc_rs::digest;
use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use data_encoding::HEXLOWER;

use crate::Prepared;

/// A file that a crate embeds: `Asset { name: "editor.js", bytes: include_bytes!("../assets/editor.js") }`.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name; the end says its type (`css`, `js`, `svg`, `png`, `json`, `txt`).
    pub name: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// The files of one crate. Keep it in a `LazyLock` and merge [`AssetSet::routes`].
#[derive(Debug)]
pub struct AssetSet(BTreeMap<&'static str, Held>);

#[derive(Clone, Debug)]
struct Held {
    url: &'static str,
    prepared: Prepared,
}

impl AssetSet {
    /// Hashes each file once. Meant for a `LazyLock`: the addresses live as long as the program.
    pub fn new(files: &[Asset]) -> Self {
        AssetSet(files.iter().map(|file| (file.name, hold(file))).collect())
    }

    /// The address of a file; an unknown name gives an address that does not exist.
    pub fn url(&self, name: &str) -> &'static str {
        debug_assert!(self.0.contains_key(name), "no asset is called {name}");
        self.0.get(name).map_or("/assets/missing", |held| held.url)
    }

    /// One route a file.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.0
            .values()
            .fold(Router::new(), |router, held| router.route(held.url, answer(held.prepared.clone())))
    }
}

fn answer<S: Clone + Send + Sync + 'static>(prepared: Prepared) -> axum::routing::MethodRouter<S> {
    get(move |headers: HeaderMap| async move { prepared.respond(&headers) })
}

fn hold(file: &Asset) -> Held {
    let hash = digest::digest(&digest::SHA256, file.bytes);
    let (stem, end) = file.name.rsplit_once('.').unwrap_or((file.name, "txt"));
    let url = format!("/assets/{stem}.{}.{end}", HEXLOWER.encode(&hash.as_ref()[..6]));
    Held { url: url.leak(), prepared: Prepared::new(file.bytes, kind(end), 0).immutable() }
}

fn kind(end: &str) -> &'static str {
    match end {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

static HOUSE: LazyLock<AssetSet> = LazyLock::new(|| {
    AssetSet::new(&[
        Asset { name: "house.css", bytes: include_bytes!("../assets/house.css") },
        Asset { name: "reading.css", bytes: include_bytes!("../assets/reading.css") },
        Asset { name: "desk.css", bytes: include_bytes!("../assets/desk.css") },
        Asset { name: "desk.js", bytes: include_bytes!("../assets/desk.js") },
        Asset { name: "saucer.svg", bytes: include_bytes!("../assets/saucer.svg") },
    ])
});

/// The address of a file of the house: `house.css`, `reading.css`, `desk.css`, `desk.js`, `saucer.svg`.
pub fn asset(name: &str) -> &'static str {
    HOUSE.url(name)
}

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let icon = HOUSE.0.get("saucer.svg").map(|held| held.prepared.clone());
    let router = HOUSE.routes();
    match icon {
        // Browsers ask for this name whatever the page says.
        Some(icon) => {
            router.route("/favicon.ico", answer(Prepared::new(icon.body().clone(), kind("svg"), 86_400)))
        }
        None => router,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_file_is_kept_for_ever_under_the_name_of_its_content() {
        for (name, kind) in [
            ("house.css", "text/css; charset=utf-8"),
            ("desk.js", "text/javascript; charset=utf-8"),
            ("saucer.svg", "image/svg+xml"),
        ] {
            let request = Request::get(asset(name)).body(Body::empty()).unwrap();
            let response = routes::<()>().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 200, "{name}");
            assert_eq!(response.headers()["content-type"], kind);
            assert!(response.headers()["cache-control"].to_str().unwrap().ends_with("immutable"));
        }
        let request = Request::get("/favicon.ico").body(Body::empty()).unwrap();
        assert_eq!(routes::<()>().oneshot(request).await.unwrap().headers()["content-type"], "image/svg+xml");
    }

    #[test]
    fn the_styles_and_scripts_of_a_reading_page_leave_room_for_the_page() {
        // DESIGN.md 6: a first load below 100 KB, pictures and article included.
        let size = |name: &str| HOUSE.0[name].prepared.body().len();
        assert!(size("house.css") + size("reading.css") + size("saucer.svg") < 32 * 1024);
    }
}
