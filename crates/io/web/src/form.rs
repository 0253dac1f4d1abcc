//! Forms that say their errors beside the field and keep what was typed.

mod field;

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use i18n::{Language, t, t_with};
use serde::de::DeserializeOwned;

use crate::{WebError, language};

pub use field::{Choice, Field, Kind};

/// The body of a form. What cannot be read is an error page with a sentence, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let language = language::language_of(request.headers());
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Form(value)),
            Err(rejection) => {
                tracing::debug!(reason = %rejection, "a form could not be read");
                Err(match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
                    _ => WebError::BadRequest(t(language, "web-form-unreadable")),
                })
            }
        }
    }
}

/// What is wrong with a form, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(BTreeMap<&'static str, String>);

impl Problems {
    /// No problem yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes what is wrong with a field; the first sentence about a field stays.
    pub fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| sentence.into());
    }

    /// The sentence about a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether the form can be taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields have a problem.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What stands above a form that came back: "Two things to look at". `None` if all is well.
    pub fn summary(&self, language: Language) -> Option<crate::Notice> {
        let sentence = || t_with(language, "web-form-problems", &[("n", self.len().into())]);
        (!self.is_empty()).then(|| crate::Notice::wrong(sentence()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct SignUp {
        email: String,
    }

    async fn read(kind: &str, body: &str) -> Result<Form<SignUp>, WebError> {
        let request = Request::post("/")
            .header("content-type", kind)
            .header("accept-language", "fr")
            .body(Body::from(body.to_owned()))
            .unwrap();
        Form::from_request(request, &()).await
    }

    #[tokio::test]
    async fn a_form_that_cannot_be_read_is_answered_with_a_sentence() {
        let urlencoded = "application/x-www-form-urlencoded";
        let read_well = read(urlencoded, "email=ada%40a.example").await.unwrap();
        assert_eq!(read_well.0.email, "ada@a.example");
        for (kind, body) in [(urlencoded, "other=1"), ("text/plain", "email=a"), (urlencoded, "")] {
            let Err(WebError::BadRequest(sentence)) = read(kind, body).await else { panic!("{kind} {body}") };
            assert!(sentence.contains("formulaire"), "{sentence}");
        }
    }

    #[test]
    fn the_first_problem_of_a_field_is_the_one_that_is_said() {
        let mut problems = Problems::new();
        assert_eq!(problems.summary(Language::English), None);
        problems.add("email", "No @ in it.");
        problems.add("email", "Too short.");
        assert_eq!(problems.of("email"), Some("No @ in it."));
        assert_eq!(problems.of("name"), None);
        assert!(problems.summary(Language::English).is_some_and(|notice| notice.bad));
    }
}
