//! The desk's page of one reader: where they stand, what they agreed to, and what is kept.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, date_time, t, t_with};
use instance::Instance;
use jiff::Timestamp;
use publications::{Desk, Publication};
use store::params;
use web::{OrInternal, WebError, redirect, rendered, said};

use super::desk::{day, source, state_class, state_word};
use crate::consent::consents;
use crate::find;
use crate::model::Reader;
use crate::queries::readers as queries;
use crate::suppress;

/// A tie to one letter, in words.
struct Tie {
    name: String,
    state: String,
    class: &'static str,
    since: String,
    source: String,
    tags: String,
}

/// A proof, in words.
struct Proof {
    name: String,
    act: String,
    wording: String,
    form: String,
    network: String,
    at: String,
}

/// A suppression, in words.
struct Block {
    name: String,
    reason: String,
    at: String,
}

#[derive(Template)]
#[template(path = "audience/desk-reader.html")]
struct Page<'a> {
    language: Language,
    slug: &'a str,
    name: &'a str,
    reader: &'a Reader,
    known: String,
    ties: Vec<Tie>,
    proofs: Vec<Proof>,
    blocks: Vec<Block>,
    subscribed: bool,
}

impl Page<'_> {
    /// The name of the reader's language in itself, or its tag when the house does not speak it.
    fn spoken(&self) -> &str {
        let Some(tag) = self.reader.language.as_deref() else { return "–" };
        Language::ALL.iter().find(|known| known.tag() == tag).map_or(tag, |known| known.name())
    }

    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn asked(&self, key: &str) -> String {
        t_with(self.language, key, &[("email", self.reader.email.as_str().into())])
    }

    fn button(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into())])
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    Path((slug, id)): Path<(String, i64)>,
    desk: Desk,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let reader = reader_of(&instance, publication, id).await?;
    let language = desk.language;
    let name = |id: i64| match desk.publications.iter().find(|publication| publication.id == id) {
        Some(publication) => publication.name.clone(),
        None => t(language, "audience-reader-suppressions-everywhere"),
    };
    let moment = |us: i64| {
        let moment = Timestamp::from_microsecond(us).unwrap_or_default();
        date_time(language, publication.zone().to_datetime(moment))
    };
    let tags = instance.store.read(queries::TAGS, params![reader.id]).await.or_internal()?;
    let tags = tags.iter().map(|row| Ok::<_, store::StoreError>((row.int(0)?, row.text(1)?)));
    let tags = tags.collect::<Result<Vec<_>, _>>().or_internal()?;
    let found = find::subscriptions(&instance, reader.id).await.or_internal()?;
    let subscribed =
        found.iter().any(|tie| tie.publication_id == publication.id && tie.state.name() != "ended");
    let ties = found
        .into_iter()
        .map(|tie| Tie {
            name: name(tie.publication_id),
            state: state_word(tie.state, language),
            class: state_class(tie.state),
            since: day(tie.since, language, publication),
            source: source(&tie.source, language),
            tags: tags
                .iter()
                .filter(|(id, _)| *id == tie.publication_id)
                .map(|(_, tag)| tag.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
        .collect();
    let proofs = consents(&instance, reader.id)
        .await
        .or_internal()?
        .into_iter()
        .map(|proof| Proof {
            name: name(proof.publication_id),
            act: worded("audience-act-", &proof.act, language),
            wording: proof.wording,
            form: proof.form,
            network: proof.network.unwrap_or_default(),
            at: moment(proof.at),
        })
        .collect();
    let blocks = suppress::suppressions(&instance, &reader.email)
        .await
        .or_internal()?
        .into_iter()
        .map(|found| Block {
            name: name(found.scope.number()),
            reason: worded("audience-reason-", found.reason.name(), language),
            at: moment(found.at),
        })
        .collect();
    let body = rendered(&Page {
        language,
        slug: &slug,
        name: &publication.name,
        reader: &reader,
        known: moment(reader.created_at),
        ties,
        proofs,
        blocks,
        subscribed,
    })?;
    let mut page = desk.page(Some(publication), "readers", reader.email.as_str(), body);
    page.back = Some(web::Link::new(
        t(language, "audience-desk-title"),
        format!("/desk/{}/readers", publication.slug),
    ));
    page.respond()
}

pub(super) async fn end(
    State(instance): State<Instance>,
    Path((slug, id)): Path<(String, i64)>,
    desk: Desk,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let reader = reader_of(&instance, publication, id).await?;
    let wording = t_with(desk.language, "audience-reader-end", &[("name", publication.name.as_str().into())]);
    suppress::end(&instance, publication, &reader, &wording).await.or_internal()?;
    Ok(redirect::to(&said(&format!("/desk/{}/readers/{id}", publication.slug), "audience-said-ended")))
}

pub(super) async fn delete(
    State(instance): State<Instance>,
    Path((slug, id)): Path<(String, i64)>,
    desk: Desk,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let reader = reader_of(&instance, publication, id).await?;
    crate::delete(&instance, &reader).await.or_internal()?;
    Ok(redirect::to(&said(&format!("/desk/{}/readers", publication.slug), "audience-said-deleted")))
}

/// A reader of this publication; those of others are not shown here.
async fn reader_of(instance: &Instance, publication: &Publication, id: i64) -> Result<Reader, WebError> {
    find::subscription(instance, publication.id, id).await.or_internal()?.ok_or(WebError::NotFound)?;
    find::by_id(instance, id).await.or_internal()?.ok_or(WebError::NotFound)
}

/// A word of the database in the author's language, where there is one.
fn worded(beginning: &str, word: &str, language: Language) -> String {
    let key = format!("{beginning}{word}");
    if i18n::has(language, &key) { t(language, &key) } else { word.to_owned() }
}
