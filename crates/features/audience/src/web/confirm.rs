//! The page that a confirmation mail opens: it shows, its button acts.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use policy::subscription::SubscriptionState;
use web::{Client, Face, OrInternal, WebError, redirect, rendered};

use super::page;
use crate::confirm::{self, Waiting};
use crate::consent::Proof;
use crate::model::{AudienceError, Form};

#[derive(Template)]
#[template(path = "audience/confirm.html")]
struct Confirm<'a> {
    language: Language,
    state: SubscriptionState,
    name: &'a str,
    email: &'a str,
    home: String,
}

impl Confirm<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn filled(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into()), ("email", self.email.into())])
    }

    fn named(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into())])
    }

    fn is_active(&self) -> bool {
        matches!(self.state, SubscriptionState::Active | SubscriptionState::Paused)
    }

    fn is_ended(&self) -> bool {
        self.state == SubscriptionState::Ended
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
) -> Result<Response, WebError> {
    let Some(Waiting { publication, reader, state }) =
        confirm::waiting(&instance, &token).await.or_internal()?
    else {
        return page::gone(&face);
    };
    let language = reader.speaks(publication.language);
    let key = match state {
        SubscriptionState::Pending => "audience-confirm-title",
        SubscriptionState::Active | SubscriptionState::Paused => "audience-confirmed-title",
        SubscriptionState::Ended => "audience-confirm-ended-title",
    };
    let body = rendered(&Confirm {
        language,
        state,
        name: &publication.name,
        email: reader.email.as_str(),
        home: format!("/{}", publication.slug),
    })?;
    page::reading(&instance, &publication, language, &t(language, key), body, None).await
}

pub(super) async fn act(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
    client: Client,
) -> Result<Response, WebError> {
    let Some(waiting) = confirm::waiting(&instance, &token).await.or_internal()? else {
        return page::gone(&face);
    };
    let language = waiting.reader.speaks(waiting.publication.language);
    let consent =
        t_with(language, "audience-confirm-consent", &[("name", waiting.publication.name.as_str().into())]);
    let wording = format!("{consent} [{}]", t(language, "audience-confirm-button"));
    let network = client.truncated();
    let proof = Proof { wording: &wording, form: Form::Confirm, network: network.as_deref() };
    match confirm::confirm(&instance, &waiting, proof).await {
        // The page says how things stand: confirmed, or ended since.
        Ok(()) | Err(AudienceError::Move(_)) => Ok(redirect::to(&format!("/r/confirm/{token}"))),
        Err(error) => Err(WebError::internal(error)),
    }
}
