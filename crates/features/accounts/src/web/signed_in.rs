//! What a handler of the desk takes to be sure that somebody is signed in.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;
use instance::Instance;
use web::{OrInternal, WebConfig, WebError, cookie};

use crate::model::Account;
use crate::{create, session};

/// Whoever is signed in. Nobody: the door opens, and on a fresh instance the first-run page.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Account);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    Instance: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let instance = Instance::from_ref(state);
        let config = WebConfig::new(&instance.config.base_url);
        let account = match cookie::session(&parts.headers, &config) {
            Some(token) => session::account_of(&instance, token).await.or_internal()?,
            None => None,
        };
        match account {
            Some(account) => Ok(SignedIn(account)),
            None if !create::exists(&instance).await.or_internal()? => {
                Err(WebError::SignInNeeded { back: "/desk/welcome".to_owned() })
            }
            None => {
                // What was posted is lost with the session; its address may not be one that can be opened.
                let here = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
                let back = here.map_or("/desk", |path| path.as_str());
                Err(WebError::SignInNeeded { back: back.to_owned() })
            }
        }
    }
}
