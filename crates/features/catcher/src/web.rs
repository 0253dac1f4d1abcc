//! The box at the desk.

mod letter;
mod list;

use accounts::{Act, SignedIn, authorise};
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
use instance::Instance;
use web::{DeskPage, Face, Notice, Said, WebError};

/// `/desk/catcher`, `/desk/catcher/empty`, `/desk/catcher/{id}`, `/desk/catcher/{id}/html`.
pub fn routes() -> Router<Instance> {
    Router::new()
        .route("/desk/catcher", get(list::show))
        .route("/desk/catcher/empty", post(list::empty))
        .route("/desk/catcher/{id}", get(letter::show))
        .route("/desk/catcher/{id}/html", get(letter::show_html))
}

/// Somebody who may read caught mail, on an instance that catches any.
struct Clerk {
    name: String,
    face: Face,
    said: Option<Notice>,
}

impl Clerk {
    /// A page of the desk around a body.
    fn page<'a>(&'a self, title: &'a str, body: String) -> DeskPage<'a> {
        DeskPage {
            account: Some(&self.name),
            notice: self.said.clone(),
            catcher: true,
            doctor: true,
            here: &self.face.here,
            ..DeskPage::new(self.face.language, "catcher", title, body)
        }
    }
}

impl FromRequestParts<Instance> for Clerk {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, instance: &Instance) -> Result<Self, WebError> {
        let SignedIn(account) =
            <SignedIn as FromRequestParts<Instance>>::from_request_parts(parts, instance).await?;
        authorise(&account, Act::ReadCaughtMail)?;
        if !instance.config.catcher {
            return Err(WebError::NotFound);
        }
        let Ok(face) = <Face as FromRequestParts<Instance>>::from_request_parts(parts, instance).await;
        let Ok(Said(said)) = <Said as FromRequestParts<Instance>>::from_request_parts(parts, instance).await;
        Ok(Clerk { name: account.name, face, said })
    }
}
