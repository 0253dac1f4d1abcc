//! What the reader's pages have in common.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use i18n::Language;
use instance::Instance;
use publications::Publication;
use web::{Face, Notice, OrInternal, PlainPage, ReadingPage, WebError, rendered};

/// The publication of an address.
pub(super) async fn publication(instance: &Instance, slug: &str) -> Result<Publication, WebError> {
    publications::find(instance, slug).await.or_internal()?.ok_or(WebError::NotFound)
}

/// A page in a publication's dress, which search engines leave alone.
pub(super) async fn reading(
    instance: &Instance,
    publication: &Publication,
    language: Language,
    title: &str,
    body: String,
    notice: Option<Notice>,
) -> Result<Response, WebError> {
    let dress = publications::dress(instance, publication).await.or_internal()?;
    let mut page = ReadingPage::new(&dress, language, title, body);
    page.noindex = true;
    page.notice = notice;
    page.respond()
}

/// The page on which one subscribes: the sitemap names it, so search engines may list it.
pub(super) async fn inviting(
    instance: &Instance,
    publication: &Publication,
    title: &str,
    body: String,
) -> Result<Response, WebError> {
    let language = publication.language;
    let dress = publications::dress(instance, publication).await.or_internal()?;
    let lead = i18n::t(language, "audience-subscribe-lead");
    let description = publication.tagline.as_ref().map_or(lead.clone(), |line| format!("{line}. {lead}"));
    let mut page = ReadingPage::new(&dress, language, title, body);
    page.description = Some(&description);
    page.canonical = Some(publication.url(instance, "/subscribe"));
    page.respond()
}

#[derive(askama::Template)]
#[template(path = "audience/gone.html")]
struct Gone {
    language: Language,
}

impl Gone {
    fn t(&self, key: &str) -> String {
        i18n::t(self.language, key)
    }
}

/// A link that leads nowhere: 404, in words.
pub(super) fn gone(face: &Face) -> Result<Response, WebError> {
    let title = i18n::t(face.language, "audience-link-title");
    let body = rendered(&Gone { language: face.language })?;
    let page = PlainPage::new(face.language, &title, body).respond()?;
    Ok((StatusCode::NOT_FOUND, page).into_response())
}
