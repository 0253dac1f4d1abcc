//! The first run: the owner makes the first account.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use serde::Deserialize;
use web::{Face, Field, Form, OrInternal, PlainPage, Problems, WebError, redirect, rendered};

use super::door::enter;
use crate::model::AccountError;
use crate::{create, session};

#[derive(Deserialize, Default)]
pub(super) struct Owner {
    name: String,
    email: String,
    password: String,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    language: Language,
    fields: Vec<Field>,
}

impl Welcome {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(State(instance): State<Instance>, face: Face) -> Result<Response, WebError> {
    if create::exists(&instance).await.or_internal()? {
        return Ok(redirect::to("/desk/sign-in"));
    }
    page(&face, &Owner::default(), &Problems::new())
}

pub(super) async fn create(
    State(instance): State<Instance>,
    face: Face,
    Form(given): Form<Owner>,
) -> Result<Response, WebError> {
    let language = face.language;
    let mut problems = Problems::new();
    match create::create_owner(&instance, &given.email, &given.name, &given.password, language).await {
        Ok(account) => {
            let session = session::start(&instance, account.id).await.or_internal()?;
            return Ok(enter(&instance, &session, "/desk"));
        }
        Err(AccountError::Owned) => return Ok(redirect::to("/desk/sign-in")),
        Err(AccountError::Name) => problems.add("name", t(language, "accounts-name-needed")),
        Err(AccountError::Address(..)) => problems.add("email", t(language, "accounts-email-wrong")),
        Err(AccountError::Password { least, .. }) => {
            problems.add("password", t_with(language, "accounts-password-length", &[("n", least.into())]));
        }
        Err(other) => return Err(WebError::internal(other)),
    }
    page(&face, &given, &problems)
}

fn page(face: &Face, given: &Owner, problems: &Problems) -> Result<Response, WebError> {
    let language = face.language;
    let words = |key: &str| t(language, key);
    let fields = vec![
        Field::text("name", words("accounts-name"))
            .value(&given.name)
            .autocomplete("name")
            .required()
            .autofocus(),
        Field::email("email", words("accounts-email")).value(&given.email).required(),
        Field::password("password", words("accounts-password"), "new-password")
            .hint(t_with(language, "accounts-password-hint", &[("n", crate::password::LEAST.into())]))
            .required(),
    ];
    let fields = fields.into_iter().map(|field| field.checked(problems)).collect();
    let body = rendered(&Welcome { language, fields })?;
    let title = words("accounts-welcome-title");
    let notice = problems.summary(language);
    PlainPage { notice, here: "/desk/welcome", ..PlainPage::new(language, &title, body) }.respond()
}
