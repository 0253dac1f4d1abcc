//! The pictures of the texts, at `/assets/demo/NAME.png`.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use instance::Instance;
use web::{Prepared, WebError};

/// A day: a new program may draw them anew.
const MAX_AGE_S: u32 = 86_400;

macro_rules! pictures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../content/pictures/", $name)).as_slice())),*]
    };
}

const PICTURES: &[(&str, &[u8])] = pictures![
    "banc.png",
    "bouton.png",
    "couverture.png",
    "nuit.png",
    "podcast.png",
    "portrait-anatole.png",
    "portrait-hermeline.png",
    "portrait-maud.png",
    "provisoire.png",
];

static PREPARED: LazyLock<Vec<(&str, Prepared)>> = LazyLock::new(|| {
    PICTURES.iter().map(|(name, bytes)| (*name, Prepared::new(*bytes, "image/png", MAX_AGE_S))).collect()
});

/// `/assets/demo/{name}`.
pub fn routes() -> Router<Instance> {
    Router::new().route("/assets/demo/{name}", get(show))
}

async fn show(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, WebError> {
    let found = PREPARED.iter().find(|(known, _)| *known == name);
    found.map(|(_, picture)| picture.respond(&headers)).ok_or(WebError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_of_the_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/content/pictures");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let known = PICTURES.iter().any(|(known, _)| *known == name);
            assert!(known || !name.ends_with(".png"), "{name} is not served");
        }
    }
}
