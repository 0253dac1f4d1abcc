//! An edition as lists show it.

use editions::{Edition, Rendering};
use i18n::date_long;
use instance::Instance;
use jiff::civil::Date;
use letter::{Manner, set_text};
use store::{Row, StoreError};

use crate::known::Known;

/// An edition in a list.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub(crate) url: String,
    /// Its title, the type set.
    pub(crate) title: String,
    /// `nº 12`.
    pub(crate) number: Option<String>,
    /// The day it came out.
    pub(crate) day: Date,
    /// That day in words.
    pub(crate) date: String,
    /// A sentence or two.
    pub(crate) summary: Option<String>,
}

impl Issue {
    /// What a list shows of a public edition.
    pub(crate) fn of(instance: &Instance, known: &Known, edition: &Edition) -> Issue {
        let day = known.day(published_at(edition));
        Issue {
            url: known.path(&format!("/{}", edition.slug)),
            title: title(known, edition),
            number: number(known, edition),
            day,
            date: date_long(known.language(), day),
            summary: summary(instance, known, edition),
        }
    }

    /// The day and the month, below a year.
    pub(crate) fn day_and_month(&self) -> &str {
        self.date.rsplit_once(' ').map_or(self.date.as_str(), |(day, _)| day)
    }
}

/// When an edition came out; a public one always did.
pub(crate) fn published_at(edition: &Edition) -> i64 {
    edition.published_at.unwrap_or(edition.created_at)
}

/// The title, its type set in the edition's language.
pub(crate) fn title(known: &Known, edition: &Edition) -> String {
    set_text(&edition.title, Manner::of(tag(known, edition)))
}

/// `nº 12`.
pub(crate) fn number(known: &Known, edition: &Edition) -> Option<String> {
    let number = edition.number?;
    Some(known.t_with("site-number", &[("number", number.to_string().as_str().into())]))
}

/// The line an inbox shows after the subject, else the first words.
pub(crate) fn summary(instance: &Instance, known: &Known, edition: &Edition) -> Option<String> {
    let text = Rendering::of(instance, &known.publication, edition).preheader().render_for_nobody();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The value of its `lang`.
pub(crate) fn tag<'a>(known: &'a Known, edition: &'a Edition) -> &'a str {
    edition.document.front.language.as_deref().unwrap_or(known.language().tag())
}

/// A link to an edition, from a slug and a title.
pub(crate) fn link(known: &Known, row: &Row) -> Result<web::Link, StoreError> {
    let title = set_text(&row.text(1)?, Manner::of(known.language().tag()));
    Ok(web::Link::new(title, known.path(&format!("/{}", row.text(0)?))))
}
