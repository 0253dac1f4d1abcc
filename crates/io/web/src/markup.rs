//! HTML that is already safe.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::WebError;

/// Markup of our own; a template shows it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Markup(pub(crate) &'static str);

impl Markup {
    /// The markup as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl HtmlSafe for Markup {}

/// A rendered template; a failure is an internal error.
pub fn rendered(template: &impl askama::Template) -> Result<String, WebError> {
    template.render().map_err(WebError::internal)
}

/// An answer with a page of HTML.
pub fn html(body: String) -> axum::response::Response {
    use axum::response::IntoResponse;
    axum::response::Html(body).into_response()
}
