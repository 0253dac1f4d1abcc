//! What a handler of the desk takes: who is there, in which language, and the letters of the house.

use accounts::{Account, Act, SignedIn, authorise};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use i18n::Language;
use instance::Instance;
use web::{DeskPage, Face, Notice, OrInternal, Said, WebError};

use crate::find;
use crate::model::Publication;

/// Somebody at the desk.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Who.
    pub account: Account,
    /// Their language.
    pub language: Language,
    /// Path and query of this page.
    pub here: String,
    /// Every letter of the house.
    pub publications: Vec<Publication>,
    /// What has just been done.
    pub said: Option<Notice>,
    catcher: bool,
    rail: Vec<(String, String)>,
}

impl Desk {
    /// The letter of a page's address, if this account may do what the page is for.
    pub fn publication(&self, slug: &str, act: Act) -> Result<&Publication, WebError> {
        authorise(&self.account, act)?;
        self.publications
            .iter()
            .find(|publication| publication.slug.as_str() == slug)
            .ok_or(WebError::NotFound)
    }

    /// Lets this account do something that concerns no single letter, or not.
    pub fn may(&self, act: Act) -> Result<(), WebError> {
        authorise(&self.account, act)
    }

    /// A page of the desk around a body, to be completed by field.
    pub fn page<'a>(
        &'a self,
        publication: Option<&'a Publication>,
        section: &'a str,
        title: &'a str,
        body: String,
    ) -> DeskPage<'a> {
        DeskPage {
            publications: &self.rail,
            current: publication.map(|publication| publication.slug.as_str()),
            account: Some(&self.account.name),
            notice: self.said.clone(),
            catcher: self.catcher,
            doctor: self.may(Act::ManagePublications).is_ok(),
            here: &self.here,
            ..DeskPage::new(self.language, section, title, body)
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Desk
where
    Instance: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let SignedIn(account) = SignedIn::from_request_parts(parts, state).await?;
        let instance = Instance::from_ref(state);
        let Ok(Face { language, here, .. }) = Face::from_request_parts(parts, state).await;
        let Ok(Said(said)) = Said::from_request_parts(parts, state).await;
        let publications = find::all(&instance).await.or_internal()?;
        let rail = publications.iter().map(|one| (one.slug.to_string(), one.name.clone())).collect();
        Ok(Desk { account, language, here, publications, said, catcher: instance.config.catcher, rail })
    }
}
