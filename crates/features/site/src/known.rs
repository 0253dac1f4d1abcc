//! A publication as its site knows it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use i18n::{Language, Value, t, t_with};
use instance::Instance;
use jiff::Timestamp;
use publications::Publication;
use store::params;
use web::{Dress, OrInternal, WebError};

use crate::{assets, look, queries};

/// A publication, its sisters, and when its editions last changed. Two are equal when every page of theirs is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) publication: Publication,
    pub(crate) sisters: Vec<Publication>,
    pub(crate) dress: Arc<Dress>,
    changed_at: i64,
    public: i64,
    newest_at: i64,
}

/// Looks a publication up.
pub(crate) async fn look(instance: &Instance, slug: &str) -> Result<Option<Known>, WebError> {
    let Some(publication) = publications::find(instance, slug).await.or_internal()? else { return Ok(None) };
    let sisters = publications::sisters(instance, publication.id).await.or_internal()?;
    let mut dress = publications::dress(instance, &publication).await.or_internal()?;
    // A browser may keep the look for an hour; a new look has a new address and shows at once.
    let version = version(&look::style(&publication.look));
    dress.stylesheets = vec![assets::url("site.css").to_owned(), format!("/{slug}/look.css?{version}")];
    let pulse = instance.store.read_one(queries::PULSE, params![publication.id]).await.or_internal()?;
    let part = |column: usize| match &pulse {
        Some(row) => row.opt_int(column).map(Option::unwrap_or_default),
        None => Ok(0),
    };
    let (changed_at, public, newest_at) =
        (part(0).or_internal()?, part(1).or_internal()?, part(2).or_internal()?);
    Ok(Some(Known { publication, sisters, dress: Arc::new(dress), changed_at, public, newest_at }))
}

impl Known {
    pub(crate) fn slug(&self) -> &str {
        self.publication.slug.as_str()
    }

    pub(crate) fn language(&self) -> Language {
        self.publication.language
    }

    /// A word of ours in the publication's language.
    pub(crate) fn t(&self, key: &str) -> String {
        t(self.language(), key)
    }

    /// A word of ours with something in it.
    pub(crate) fn t_with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        t_with(self.language(), key, values)
    }

    /// A path on this publication's site.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/{}{rest}", self.slug())
    }
}

/// A moment as columns hold it. One that no calendar has is the first of them.
pub(crate) fn timestamp(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or_default()
}

fn version(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}
