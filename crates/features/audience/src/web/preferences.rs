//! The reader's own page, by the signed link in every letter: letters, pause, name, language, data, deletion.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use i18n::{Language, t, t_with};
use instance::Instance;
use publications::Publication;
use serde::Deserialize;
use web::{
    Choice, Client, Face, Field, Form as Sent, Notice, OrInternal, Problems, Said, WebError, redirect,
    rendered, said,
};
use wire::token::Purpose;

use super::page;
use crate::consent::Proof;
use crate::model::{Form, Reader};
use crate::preferences::{Wish, Wishes, decide, preferences};
use crate::{find, kept, tokens};

/// One publication with what the reader wants of it.
struct Letter {
    id: i64,
    name: String,
    tagline: Option<String>,
    language: Language,
    wish: Wish,
}

#[derive(Template)]
#[template(path = "audience/preferences.html")]
struct Preferences<'a> {
    language: Language,
    email: &'a str,
    letters: Vec<Letter>,
    fields: Vec<Field>,
    export: String,
    delete: String,
}

impl Preferences<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn lead(&self) -> String {
        t_with(self.language, "audience-preferences-lead", &[("email", self.email.into())])
    }

    fn wishes(&self) -> [(&'static str, String); 3] {
        [
            (Wish::Receive.name(), self.t("audience-wish-receive")),
            (Wish::Pause.name(), self.t("audience-wish-pause")),
            (Wish::Leave.name(), self.t("audience-wish-leave")),
        ]
    }
}

#[derive(Template)]
#[template(path = "audience/delete.html")]
struct Delete {
    language: Language,
    tick: Field,
    back: String,
}

impl Delete {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

#[derive(Template)]
#[template(path = "audience/deleted.html")]
struct Deleted {
    language: Language,
}

impl Deleted {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
    Said(done): Said,
) -> Result<Response, WebError> {
    let Some((publication, reader)) = owner(&instance, Purpose::Preferences, &token).await? else {
        return page::gone(&face);
    };
    let language = reader.speaks(publication.language);
    let letters = preferences(&instance, &publication, &reader).await.or_internal()?;
    let letters = letters
        .into_iter()
        .map(|(letter, wish)| Letter {
            id: letter.id,
            name: letter.name,
            tagline: letter.tagline,
            language: letter.language,
            wish,
        })
        .collect();
    let words = |key: &str| t(language, key);
    let languages = Language::ALL.map(|other| Choice::new(other.tag(), other.name())).to_vec();
    let fields = vec![
        Field::text("first_name", words("audience-first-name"))
            .value(reader.first_name.clone().unwrap_or_default())
            .hint(words("audience-preferences-names-hint"))
            .autocomplete("given-name"),
        Field::text("last_name", words("audience-last-name"))
            .value(reader.last_name.clone().unwrap_or_default())
            .autocomplete("family-name"),
        Field::menu("language", words("audience-language"), languages).value(language.tag()),
    ];
    let body = rendered(&Preferences {
        language,
        email: reader.email.as_str(),
        letters,
        fields,
        export: tokens::export_url(&instance, publication.id, reader.id),
        delete: format!("/r/preferences/{token}/delete"),
    })?;
    let notice = done.map(|_| Notice::done(words("audience-said-preferences")));
    page::reading(&instance, &publication, language, &words("audience-preferences-title"), body, notice).await
}

pub(super) async fn save(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
    client: Client,
    Sent(given): Sent<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let Some((publication, reader)) = owner(&instance, Purpose::Preferences, &token).await? else {
        return page::gone(&face);
    };
    let language = reader.speaks(publication.language);
    let value = |name: &str| given.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let wishes = Wishes {
        first_name: value("first_name").unwrap_or_default(),
        last_name: value("last_name").unwrap_or_default(),
        language: value("language").map(|tag| Language::from_tag(&tag)),
        publications: given
            .iter()
            .filter_map(|(key, value)| {
                let id = key.strip_prefix("letter-")?.parse::<i64>().ok()?;
                Some((id, Wish::from_name(value)?))
            })
            .collect(),
    };
    let wording = format!(
        "{} [{}]",
        t(language, "audience-preferences-consent"),
        t(language, "audience-preferences-save")
    );
    let network = client.truncated();
    let proof = Proof { wording: &wording, form: Form::Preferences, network: network.as_deref() };
    decide(&instance, &publication, &reader, &wishes, proof).await.or_internal()?;
    Ok(redirect::to(&said(&format!("/r/preferences/{token}"), "audience-said-preferences")))
}

pub(super) async fn export(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
) -> Result<Response, WebError> {
    let Some((publication, reader)) = owner(&instance, Purpose::Export, &token).await? else {
        return page::gone(&face);
    };
    let kept = kept(&instance, &reader).await.or_internal()?;
    let text = serde_json::to_string_pretty(&kept).or_internal()?;
    let name = format!("attachment; filename=\"{}-{}.json\"", publication.slug, reader.id);
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).or_internal()?);
    Ok(response)
}

pub(super) async fn ask_delete(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
) -> Result<Response, WebError> {
    let Some((publication, reader)) = owner(&instance, Purpose::Preferences, &token).await? else {
        return page::gone(&face);
    };
    delete_form(&instance, &publication, &reader, &token, &Problems::new()).await
}

#[derive(Deserialize, Default)]
pub(super) struct Sure {
    #[serde(default)]
    sure: String,
}

pub(super) async fn delete(
    State(instance): State<Instance>,
    Path(token): Path<String>,
    face: Face,
    Sent(given): Sent<Sure>,
) -> Result<Response, WebError> {
    let Some((publication, reader)) = owner(&instance, Purpose::Preferences, &token).await? else {
        return page::gone(&face);
    };
    let language = reader.speaks(publication.language);
    if given.sure != "yes" {
        let mut problems = Problems::new();
        problems.add("sure", t(language, "audience-delete-needed"));
        return delete_form(&instance, &publication, &reader, &token, &problems).await;
    }
    crate::delete(&instance, &reader).await.or_internal()?;
    let body = rendered(&Deleted { language })?;
    let title = t(language, "audience-deleted-title");
    page::reading(&instance, &publication, language, &title, body, None).await
}

async fn delete_form(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    token: &str,
    problems: &Problems,
) -> Result<Response, WebError> {
    let language = reader.speaks(publication.language);
    let label = t_with(language, "audience-delete-tick", &[("email", reader.email.as_str().into())]);
    let tick = Field::tick("sure", label, false).required().checked(problems);
    let body = rendered(&Delete { language, tick, back: format!("/r/preferences/{token}") })?;
    let title = t(language, "audience-delete-title");
    page::reading(instance, publication, language, &title, body, None).await
}

/// Whose page a link opens.
async fn owner(
    instance: &Instance,
    purpose: Purpose,
    token: &str,
) -> Result<Option<(Publication, Reader)>, WebError> {
    let Some((publication_id, reader_id)) = tokens::read(instance, purpose, token) else { return Ok(None) };
    let publication = publications::by_id(instance, publication_id).await.or_internal()?;
    let reader = find::by_id(instance, reader_id).await.or_internal()?;
    Ok(publication.zip(reader))
}
