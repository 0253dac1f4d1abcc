//! An edition as mail, page and text.

use document::Document;
use i18n::Language;
use instance::Instance;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use letter::{Look, Setting, Template};
use publications::Publication;

use crate::model::Edition;

/// An edition with everything around it, ready to be rendered. It knows no reader: what differs from one to the next
/// stays a slot.
#[derive(Clone, Debug)]
pub struct Rendering {
    document: Document,
    name: String,
    site: String,
    page: String,
    reader: String,
    subscribe: String,
    reply_to: String,
    postal: Option<String>,
    language: Language,
    look: Look,
    number: Option<u32>,
    date: Date,
    authors: Vec<String>,
    zone: TimeZone,
}

impl Rendering {
    /// An edition of a publication. One that has not left yet has the date of the hour it waits for, or of today; its
    /// number is there from the start after [`crate::foreseen`].
    pub fn of(instance: &Instance, publication: &Publication, edition: &Edition) -> Self {
        let at = edition.published_at.or(edition.scheduled_at);
        Self::of_document(instance, publication, &edition.document, &edition.slug, edition.number, at)
    }

    /// A tree that is kept nowhere: an edition while it is written. `at` is when it leaves, microseconds UTC; now
    /// when absent.
    pub fn of_document(
        instance: &Instance,
        publication: &Publication,
        document: &Document,
        slug: &str,
        number: Option<u32>,
        at: Option<i64>,
    ) -> Self {
        let zone = publication.zone();
        let moment = at.and_then(|at| Timestamp::from_microsecond(at).ok()).unwrap_or_else(|| instance.now());
        Rendering {
            document: document.clone(),
            name: publication.name.clone(),
            site: publication.url(instance, ""),
            page: publication.url(instance, &format!("/{slug}")),
            reader: instance.url("/r"),
            subscribe: publication.url(instance, "/subscribe"),
            reply_to: publication.answers_to().to_string(),
            postal: publication.postal_address.clone(),
            language: publication.language,
            look: publication.look.clone(),
            number,
            date: zone.to_datetime(moment).date(),
            authors: publication.from.name.clone().into_iter().collect(),
            zone,
        }
    }

    /// The article of the edition's page.
    pub fn web(&self) -> Template {
        letter::web(&self.document, &self.setting())
    }

    /// The mail's HTML document.
    pub fn mail(&self) -> Template {
        letter::mail(&self.document, &self.setting())
    }

    /// The mail's text.
    pub fn text(&self) -> Template {
        letter::text(&self.document, &self.setting())
    }

    /// The subject of the mail.
    pub fn subject(&self) -> Template {
        letter::subject(&self.document, &self.setting())
    }

    /// The line an inbox shows after the subject.
    pub fn preheader(&self) -> Template {
        letter::preheader(&self.document, &self.setting())
    }

    /// The tree it renders.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Address of the edition's page.
    pub fn page_url(&self) -> &str {
        &self.page
    }

    /// The day in its head.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Its number, if it has one.
    pub fn number(&self) -> Option<u32> {
        self.number
    }

    /// Who signs it.
    pub fn authors(&self) -> &[String] {
        let own = &self.document.front.authors;
        if own.is_empty() { &self.authors } else { own }
    }

    /// The language of our own words around it.
    pub fn language(&self) -> Language {
        self.setting().language_of(&self.document)
    }

    /// The value of its `lang` attribute.
    pub fn tag(&self) -> String {
        self.setting().tag_of(&self.document).to_owned()
    }

    /// What surrounds it, as the renderers want it.
    pub fn setting(&self) -> Setting<'_> {
        Setting {
            reader_url: &self.reader,
            postal_address: self.postal.as_deref(),
            edition_url: Some(&self.page),
            subscribe_url: Some(&self.subscribe),
            reply_to: Some(&self.reply_to),
            number: self.number,
            date: Some(self.date),
            authors: &self.authors,
            time_zone: Some(&self.zone),
            ..Setting::new(&self.name, &self.site, self.language, &self.look)
        }
    }
}
