//! Leaving: the page with its button, and the one click of a mail program.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use i18n::{Language, t, t_with};
use instance::Instance;
use policy::subscription::SubscriptionState;
use web::{Client, Face, OrInternal, WebError, redirect, rendered};

use super::page;
use crate::consent::Proof;
use crate::find;
use crate::model::Form;
use crate::unsubscribe::{Way, unsubscribe};

/// RFC 8058 3.1, the only thing the header and the body may say.
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

#[derive(Template)]
#[template(path = "audience/leave.html")]
struct Leave<'a> {
    language: Language,
    name: &'a str,
    email: &'a str,
    left: bool,
    home: String,
}

impl Leave<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn filled(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into()), ("email", self.email.into())])
    }

    fn named(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into())])
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
) -> Result<Response, WebError> {
    let Some(Way { publication, reader }) = Way::of(&instance, &token).await.or_internal()? else {
        return page::gone(&face);
    };
    let language = reader.as_ref().map_or(publication.language, |reader| reader.speaks(publication.language));
    let subscription = match &reader {
        Some(reader) => find::subscription(&instance, publication.id, reader.id).await.or_internal()?,
        None => None,
    };
    let left = subscription.is_none_or(|found| found.state == SubscriptionState::Ended);
    // Who was forwarded the letter sees whose subscription this is, and no more than that letter's own first lines.
    let email = reader.as_ref().map(|reader| veiled(reader.email.as_str())).unwrap_or_default();
    let name = publication.name.as_str();
    let title = match left {
        true => t(language, "audience-left-title"),
        false => t_with(language, "audience-leave-title", &[("name", name.into())]),
    };
    let home = format!("/{}", publication.slug);
    let body = rendered(&Leave { language, name, email: &email, left, home })?;
    page::reading(&instance, &publication, language, &title, body, None).await
}

pub(super) async fn act(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
    client: Client,
    body: Bytes,
) -> Result<Response, WebError> {
    let Some(way) = Way::of(&instance, &token).await.or_internal()? else { return page::gone(&face) };
    let network = client.truncated();
    let proof = |wording, form| Proof { wording, form, network: network.as_deref() };
    match asked(&body) {
        Asked::OneClick => {
            unsubscribe(&instance, &way, proof(ONE_CLICK, Form::OneClick)).await.or_internal()?;
            // RFC 8058 3.1: no redirect, no cookie; the sender of the POST is a machine and reads nothing.
            Ok(StatusCode::OK.into_response())
        }
        Asked::Button => {
            let speaker = way.reader.as_ref();
            let language =
                speaker.map_or(way.publication.language, |reader| reader.speaks(way.publication.language));
            let wording = t(language, "audience-leave-button");
            unsubscribe(&instance, &way, proof(&wording, Form::Unsubscribe)).await.or_internal()?;
            Ok(redirect::to(&format!("/r/unsubscribe/{token}")))
        }
        Asked::Nothing => Ok(redirect::to(&format!("/r/unsubscribe/{token}"))),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    OneClick,
    Button,
    Nothing,
}

/// RFC 8058 3.2 allows both forms of body. A POST that says nothing was nobody's wish.
fn asked(body: &[u8]) -> Asked {
    let text = String::from_utf8_lossy(body);
    let multipart = || {
        let (name, value) = (text.find("name=\"List-Unsubscribe\""), text.find("One-Click"));
        name.zip(value).is_some_and(|(name, value)| name < value)
    };
    if text.split('&').any(|pair| pair.trim().eq_ignore_ascii_case(ONE_CLICK)) || multipart() {
        Asked::OneClick
    } else if text.split('&').any(|pair| pair == "act=leave") {
        Asked::Button
    } else {
        Asked::Nothing
    }
}

/// `a…@letters.example`: enough to recognise one's own address.
fn veiled(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => format!("{}…@{domain}", local.chars().next().unwrap_or('…')),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_that_says_nothing_was_nobodys_wish() {
        let multipart =
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        for (body, asked_for) in [
            ("List-Unsubscribe=One-Click", Asked::OneClick),
            (multipart, Asked::OneClick),
            ("act=leave", Asked::Button),
            ("", Asked::Nothing),
            ("act=stay", Asked::Nothing),
        ] {
            assert_eq!(asked(body.as_bytes()), asked_for, "{body}");
        }
    }

    #[test]
    fn a_forwarded_link_does_not_show_a_whole_address() {
        assert_eq!(veiled("ada@letters.example"), "a…@letters.example");
    }
}
