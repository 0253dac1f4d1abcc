//! The form with which a stranger climbs aboard, in its place on a page. It is the form of `/{publication}/subscribe`
//! with the same words, for these are what is kept as proof; only its stamp is that of the hour, since the page is
//! kept and shown to many.

use askama::Template;
use askama::filters::HtmlSafe;
use i18n::t;
use instance::Instance;
use web::Field;

use crate::known::Known;

/// The form and the words above it.
#[derive(Clone, Template)]
#[template(path = "subscribe.html")]
pub(crate) struct Subscribe<'a> {
    known: &'a Known,
    stamp: String,
    email: Field,
}

impl<'a> Subscribe<'a> {
    /// The form of a publication.
    pub(crate) fn on(instance: &Instance, known: &'a Known) -> Self {
        Subscribe {
            known,
            stamp: audience::hourly_stamp(instance, known.publication.id),
            email: Field::email("email", known.t("audience-email")).required(),
        }
    }

    fn t(&self, key: &str) -> String {
        t(self.known.language(), key)
    }

    fn consent(&self) -> String {
        let name = self.known.publication.name.as_str();
        self.known.t_with("audience-subscribe-consent", &[("name", name.into())])
    }
}

impl HtmlSafe for Subscribe<'_> {}
