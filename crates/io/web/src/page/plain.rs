//! A page with one thing on it.

use askama::Template;
use axum::response::Response;
use i18n::{Language, t};

use crate::{Notice, WebError, html, rendered};

/// One narrow column without a rail: signing in, the first run, a reader's own pages, errors, a form in a frame.
#[derive(Clone, Debug)]
pub struct PlainPage<'a> {
    /// The language of whoever reads it.
    pub language: Language,
    /// Title of the window; the body brings the heading.
    pub title: &'a str,
    /// The page, already safe.
    pub body: String,
    /// What has just been done.
    pub notice: Option<Notice>,
    /// Addresses of stylesheets besides those of the house: a publication's look.
    pub stylesheets: Vec<String>,
    /// In the place of the house's sign: a publication's name and address.
    pub sign: Option<(String, String)>,
    /// Shown in another site's frame: no sign, no foot, no margin.
    pub framed: bool,
    /// This page's path; with it, the foot offers the other language.
    pub here: &'a str,
}

impl<'a> PlainPage<'a> {
    /// A page with what is always there; the rest is added by field.
    pub fn new(language: Language, title: &'a str, body: String) -> Self {
        PlainPage {
            language,
            title,
            body,
            notice: None,
            stylesheets: vec![],
            sign: None,
            framed: false,
            here: "",
        }
    }

    /// The whole page as HTML.
    pub fn render(&self) -> Result<String, WebError> {
        rendered(&PlainTemplate { page: self })
    }

    /// The whole page as an answer.
    pub fn respond(&self) -> Result<Response, WebError> {
        self.render().map(html)
    }
}

#[derive(Template)]
#[template(path = "plain.html")]
struct PlainTemplate<'a> {
    page: &'a PlainPage<'a>,
}

impl PlainTemplate<'_> {
    fn t(&self, key: &str) -> String {
        t(self.page.language, key)
    }
}
