//! The site's own style and script.

use std::sync::LazyLock;

use axum::Router;
use instance::Instance;
use web::{Asset, AssetSet};

static FILES: LazyLock<AssetSet> = LazyLock::new(|| {
    AssetSet::new(&[
        Asset { name: "site.css", bytes: include_bytes!("../assets/site.css") },
        Asset { name: "site.js", bytes: include_bytes!("../assets/site.js") },
    ])
});

/// The address of a file.
pub(crate) fn url(name: &str) -> &'static str {
    FILES.url(name)
}

pub(crate) fn routes() -> Router<Instance> {
    FILES.routes()
}
