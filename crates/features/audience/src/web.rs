//! The pages about readers: the forms that ask, the pages behind signed links, and the desk.

mod confirm;
mod desk;
mod desk_import;
mod desk_reader;
mod leave;
mod page;
mod preferences;
mod sign_up;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use instance::Instance;

/// A file of two million readers is about so large.
const UPLOAD: usize = 256 * 1024 * 1024;
/// RFC 8058 3.2: a one-click POST is a line; a preferences page a few.
const SMALL: usize = 64 * 1024;

/// Every route of this slice.
pub fn routes() -> Router<Instance> {
    let readers = Router::new()
        .route("/{publication}/subscribe", get(sign_up::show).post(sign_up::ask))
        .route("/{publication}/embed", get(sign_up::show_embed).post(sign_up::ask_embed))
        .route("/api/publications/{publication}/subscriptions", post(sign_up::ask_api))
        .route("/r/confirm/{token}", get(confirm::show).post(confirm::act))
        .route("/r/unsubscribe/{token}", get(leave::show).post(leave::act))
        .route("/r/preferences/{token}", get(preferences::show).post(preferences::save))
        .route("/r/preferences/{token}/delete", get(preferences::ask_delete).post(preferences::delete))
        .route("/r/export/{token}", get(preferences::export))
        .layer(DefaultBodyLimit::max(SMALL));
    let desk = Router::new()
        .route("/desk/{publication}/readers", get(desk::show))
        .route("/desk/{publication}/readers/export", get(desk::export))
        .route("/desk/{publication}/readers/import", get(desk_import::show).post(desk_import::try_out))
        .route("/desk/{publication}/readers/import/{upload}", post(desk_import::import))
        .route("/desk/{publication}/readers/import/{upload}/errors", get(desk_import::errors))
        .route("/desk/{publication}/readers/{reader}", get(desk_reader::show))
        .route("/desk/{publication}/readers/{reader}/end", post(desk_reader::end))
        .route("/desk/{publication}/readers/{reader}/delete", post(desk_reader::delete))
        .layer(DefaultBodyLimit::max(UPLOAD));
    readers.merge(desk)
}
