//! The form with which a stranger climbs aboard, in its place on a page.

use askama::Template;
use askama::filters::HtmlSafe;
use i18n::t;
use instance::Instance;

use crate::known::Known;

/// The form and the words above it.
#[derive(Clone, Template)]
#[template(path = "subscribe.html")]
pub(crate) struct Subscribe<'a> {
    known: &'a Known,
    form: String,
}

impl<'a> Subscribe<'a> {
    /// The form of a publication.
    pub(crate) fn on(instance: &Instance, known: &'a Known) -> Self {
        Subscribe { known, form: audience::subscribe_form(instance, &known.publication) }
    }

    fn t(&self, key: &str) -> String {
        t(self.known.language(), key)
    }
}

impl HtmlSafe for Subscribe<'_> {}
