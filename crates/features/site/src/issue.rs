//! An edition as lists show it.

use editions::{Edition, Rendering};
use i18n::date_long;
use instance::Instance;
use jiff::civil::Date;
use letter::{Manner, set_text};

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
        let rendering = Rendering::of(instance, &known.publication, edition);
        let day = rendering.date();
        Issue {
            url: known.path(&format!("/{}", edition.slug)),
            title: title(known, edition),
            number: edition
                .number
                .map(|number| known.t_with("site-number", &[("number", number.to_string().as_str().into())])),
            day,
            date: date_long(known.language(), day),
            summary: summary(&rendering),
        }
    }

    /// The day and the month, below a year.
    pub(crate) fn day_and_month(&self) -> &str {
        self.date.rsplit_once(' ').map_or(self.date.as_str(), |(day, _)| day)
    }
}

/// The line an inbox shows after the subject, else the first words.
pub(crate) fn summary(rendering: &Rendering) -> Option<String> {
    let text = rendering.preheader().render_for_nobody();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The title, its type set in the edition's language.
pub(crate) fn title(known: &Known, edition: &Edition) -> String {
    let tag = edition.document.front.language.as_deref().unwrap_or(known.language().tag());
    set_text(&edition.title, Manner::of(tag))
}

/// When an edition came out; a public one always did.
pub(crate) fn published_at(edition: &Edition) -> i64 {
    edition.published_at.unwrap_or(edition.created_at)
}

/// RFC 4287 4.2.15: the last change that matters to a reader; coming out is one.
pub(crate) fn updated_at(edition: &Edition) -> i64 {
    edition.updated_at.max(published_at(edition))
}
