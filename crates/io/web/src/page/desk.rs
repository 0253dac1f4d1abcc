//! A page of the desk.

use askama::Template;
use axum::response::Response;
use i18n::{Language, t};

use crate::{Link, Markup, Notice, WebError, html, icon, rendered};

/// A page in the author's private app: a slim rail, one column of work.
#[derive(Clone, Debug)]
pub struct DeskPage<'a> {
    /// The author's language.
    pub language: Language,
    /// Title, also the heading unless the body brings its own (`own_heading`).
    pub title: &'a str,
    /// The place in the rail: `editions`, `readers`, `dispatches`, `replies`, `returns`, `settings`, `publications`, `doctor` or `catcher`.
    pub section: &'a str,
    /// Slug and name of each publication.
    pub publications: &'a [(String, String)],
    /// Slug of the one at hand.
    pub current: Option<&'a str>,
    /// The name of whoever is signed in.
    pub account: Option<&'a str>,
    /// What has just been done.
    pub notice: Option<Notice>,
    /// Where this page hangs, above its heading.
    pub back: Option<Link>,
    /// A sentence below the heading.
    pub lead: Option<String>,
    /// Buttons and links at the right of the heading, already safe.
    pub actions: String,
    /// The page, already safe.
    pub body: String,
    /// Addresses of modules besides `desk.js`.
    pub scripts: &'a [&'a str],
    /// Addresses of stylesheets besides the desk's.
    pub stylesheets: &'a [&'a str],
    /// Uses the whole width, for an editor with its preview.
    pub wide: bool,
    /// The body brings its own `h1`.
    pub own_heading: bool,
    /// Whether the mail catcher has its place in the rail.
    pub catcher: bool,
    /// Whether the doctor has its place in the rail.
    pub doctor: bool,
    /// This page's path, to come back to after a change of language.
    pub here: &'a str,
}

impl<'a> DeskPage<'a> {
    /// A page with what is always there; the rest is added by field.
    pub fn new(language: Language, section: &'a str, title: &'a str, body: String) -> Self {
        DeskPage {
            language,
            title,
            section,
            publications: &[],
            current: None,
            account: None,
            notice: None,
            back: None,
            lead: None,
            actions: String::new(),
            body,
            scripts: &[],
            stylesheets: &[],
            wide: false,
            own_heading: false,
            catcher: false,
            doctor: false,
            here: "/desk",
        }
    }

    /// The whole page as HTML.
    pub fn render(&self) -> Result<String, WebError> {
        rendered(&DeskTemplate { page: self })
    }

    /// The whole page as an answer.
    pub fn respond(&self) -> Result<Response, WebError> {
        self.render().map(html)
    }

    fn current_name(&self) -> Option<&str> {
        let current = self.current?;
        self.publications.iter().find(|(slug, _)| slug == current).map(|(_, name)| name.as_str())
    }
}

/// One place in the rail.
struct Place {
    url: String,
    icon: Markup,
    label: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskTemplate<'a> {
    page: &'a DeskPage<'a>,
}

impl DeskTemplate<'_> {
    fn t(&self, key: &str) -> String {
        t(self.page.language, key)
    }

    fn place(&self, section: &str, url: String, icon_name: &str) -> Place {
        Place {
            url,
            icon: icon(icon_name),
            label: self.t(&format!("web-rail-{section}")),
            here: self.page.section == section,
        }
    }

    /// The places of the publication at hand.
    fn places(&self) -> Vec<Place> {
        let Some(slug) = self.page.current else { return vec![] };
        let places = [
            ("editions", "newspaper"),
            ("readers", "users"),
            ("dispatches", "send"),
            ("replies", "mail"),
            ("returns", "undo-2"),
            ("settings", "settings"),
        ];
        let place = |(section, icon)| self.place(section, format!("/desk/{slug}/{section}"), icon);
        places.into_iter().map(place).collect()
    }

    /// The places of the whole house.
    fn house(&self) -> Vec<Place> {
        let mut places = vec![self.place("publications", "/desk".to_owned(), "layers")];
        if self.page.doctor {
            places.push(self.place("doctor", "/desk/doctor".to_owned(), "stethoscope"));
        }
        if self.page.catcher {
            places.push(self.place("catcher", "/desk/catcher".to_owned(), "inbox"));
        }
        places
    }

    fn full_title(&self) -> String {
        match self.page.current_name() {
            Some(name) => format!("{} · {name} · Soucoupe", self.page.title),
            None => format!("{} · Soucoupe", self.page.title),
        }
    }
}
