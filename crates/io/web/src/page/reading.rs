//! A public page.

use askama::Template;
use axum::response::Response;
use i18n::{Language, t};

use crate::{Notice, WebError, html, rendered};

/// A link with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// The language of what it leads to, when it is another one.
    pub language: Option<Language>,
}

impl Link {
    /// A link in the language of the page.
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Link { label: label.into(), url: url.into(), language: None }
    }

    /// A link to a page in another language.
    pub fn in_language(label: impl Into<String>, url: impl Into<String>, language: Language) -> Self {
        Link { label: label.into(), url: url.into(), language: Some(language) }
    }
}

/// A publication's sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Its address.
    pub src: String,
    /// What it shows.
    pub alt: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What a publication's public pages have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dress {
    /// Its name.
    pub name: String,
    /// Address of its front page.
    pub home: String,
    /// A line below the name.
    pub tagline: Option<String>,
    /// In the place of the name in letters.
    pub logo: Option<Logo>,
    /// Addresses of its own stylesheets, after those of the house.
    pub stylesheets: Vec<String>,
    /// The line of links below the name.
    pub links: Vec<Link>,
    /// The one link that stands out: to subscribe.
    pub call: Option<Link>,
    /// Links in the foot.
    pub foot: Vec<Link>,
    /// Who publishes, and from where.
    pub foot_note: Option<String>,
    /// The same author's publications in other languages.
    pub other_languages: Vec<Link>,
    /// Feeds: title, address and media type, announced in the head.
    pub feeds: Vec<(String, String, &'static str)>,
}

/// A page in a publication's dress.
#[derive(Clone, Debug)]
pub struct ReadingPage<'a> {
    /// The publication's dress.
    pub dress: &'a Dress,
    /// The language of the page.
    pub language: Language,
    /// Its title; the publication's name is added to it, unless it is that name.
    pub title: &'a str,
    /// One or two sentences for search engines and cards.
    pub description: Option<&'a str>,
    /// Its one true address.
    pub canonical: Option<String>,
    /// More markup for the head, already safe: cards, structured data.
    pub head: String,
    /// The page, already safe.
    pub body: String,
    /// What has just been done.
    pub notice: Option<Notice>,
    /// The front page: the name stands large.
    pub front: bool,
    /// A wider column, for lists.
    pub wide: bool,
    /// Kept out of search engines.
    pub noindex: bool,
}

impl<'a> ReadingPage<'a> {
    /// A page with what is always there; the rest is added by field.
    pub fn new(dress: &'a Dress, language: Language, title: &'a str, body: String) -> Self {
        ReadingPage {
            dress,
            language,
            title,
            description: None,
            canonical: None,
            head: String::new(),
            body,
            notice: None,
            front: false,
            wide: false,
            noindex: false,
        }
    }

    /// The whole page as HTML.
    pub fn render(&self) -> Result<String, WebError> {
        rendered(&ReadingTemplate { page: self })
    }

    /// The whole page as an answer.
    pub fn respond(&self) -> Result<Response, WebError> {
        self.render().map(html)
    }

    fn full_title(&self) -> String {
        if self.title.is_empty() || self.title == self.dress.name {
            self.dress.name.clone()
        } else {
            format!("{} · {}", self.title, self.dress.name)
        }
    }
}

#[derive(Template)]
#[template(path = "reading.html")]
struct ReadingTemplate<'a> {
    page: &'a ReadingPage<'a>,
}

impl ReadingTemplate<'_> {
    fn t(&self, key: &str) -> String {
        t(self.page.language, key)
    }
}
