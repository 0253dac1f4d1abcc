//! A new publication.

use accounts::Act;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use i18n::{Language, t};
use instance::Instance;
use serde::Deserialize;
use web::{Choice, Field, Form, Problems, WebError, redirect, rendered, said};

use super::Desk;
use crate::NewPublication;
use crate::model::PublicationError;

#[derive(Deserialize, Default)]
pub(super) struct Given {
    name: String,
    slug: String,
    from: String,
    language: String,
}

#[derive(Template)]
#[template(path = "form.html")]
pub(super) struct FormBody {
    pub fields: Vec<Field>,
    pub action: String,
    pub button: String,
}

pub(super) async fn show(desk: Desk) -> Result<Response, WebError> {
    desk.may(Act::ManagePublications)?;
    let given = Given {
        from: format!("{} <{}>", desk.account.name, desk.account.email),
        language: desk.language.tag().to_owned(),
        ..Given::default()
    };
    page(&desk, &given, &Problems::new())
}

pub(super) async fn create(
    State(instance): State<Instance>,
    desk: Desk,
    Form(given): Form<Given>,
) -> Result<Response, WebError> {
    desk.may(Act::ManagePublications)?;
    let new = NewPublication {
        slug: given.slug.trim().to_owned(),
        name: given.name.clone(),
        from: given.from.clone(),
        language: given.language.clone(),
        ..NewPublication::default()
    };
    let mut problems = Problems::new();
    match crate::create(&instance, new).await {
        Ok(publication) => {
            let to = format!("/desk/{}/settings", publication.slug);
            return Ok(redirect::to(&said(&to, "publications-said-created")));
        }
        Err(error) => told(desk.language, error, &mut problems)?,
    }
    page(&desk, &given, &problems)
}

/// Puts what is wrong beside its field.
pub(super) fn told(
    language: Language,
    error: PublicationError,
    problems: &mut Problems,
) -> Result<(), WebError> {
    let (field, key) = match &error {
        PublicationError::Slug(_) => ("slug", "publications-wrong-slug"),
        PublicationError::Reserved(_) => ("slug", "publications-wrong-reserved"),
        PublicationError::Taken(_) => ("slug", "publications-wrong-taken"),
        PublicationError::Name => ("name", "publications-wrong-name"),
        PublicationError::Sender { .. } => ("from", "publications-wrong-from"),
        PublicationError::TimeZone(_) => ("time_zone", "publications-wrong-zone"),
        PublicationError::Language(_) => ("language", "publications-wrong-language"),
        PublicationError::Key { .. } | PublicationError::Kept(..) | PublicationError::Store(_) => {
            return Err(WebError::internal(error));
        }
    };
    problems.add(field, t(language, key));
    Ok(())
}

pub(super) fn languages() -> Vec<Choice> {
    Language::ALL.into_iter().map(|language| Choice::new(language.tag(), language.name())).collect()
}

fn page(desk: &Desk, given: &Given, problems: &Problems) -> Result<Response, WebError> {
    let words = |key: &str| t(desk.language, key);
    let fields = vec![
        Field::text("name", words("publications-name")).value(&given.name).required().autofocus(),
        Field::text("slug", words("publications-slug"))
            .hint(words("publications-slug-hint"))
            .value(&given.slug)
            .required(),
        Field::text("from", words("publications-from"))
            .hint(words("publications-from-hint"))
            .value(&given.from)
            .required(),
        Field::menu("language", words("publications-language"), languages()).value(&given.language),
    ];
    let body = rendered(&FormBody {
        fields: fields.into_iter().map(|field| field.checked(problems)).collect(),
        action: "/desk/new".to_owned(),
        button: words("publications-create"),
    })?;
    let title = words("publications-new");
    let mut page = desk.page(None, "publications", &title, body);
    page.notice = problems.summary(desk.language).or(page.notice);
    page.respond()
}
