//! Pages that are ready, in memory: a warm page or feed is answered without rendering and, for a second, without
//! asking the database. What changed is seen at the latest a second later, in every process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use instance::Instance;
use publications::Slug;
use web::{Prepared, WebError};

use crate::known::{self, Known};

/// For how long what is known of a publication is believed, in microseconds.
const BELIEVED: i64 = 1_000_000;
/// A page is made anew after this long in any case, in microseconds: its count of hearts, and the hour in its form.
const KEPT: i64 = 60_000_000;
/// Pages kept for one publication; the archive of ten years of weekly letters fits.
const MOST_PAGES: usize = 768;
/// Bytes kept for one publication: 200 editions of 40 KB.
const MOST_BYTES: usize = 8 << 20;
/// Publications kept; an instance has a handful.
const MOST_PUBLICATIONS: usize = 64;

/// Pages that are ready, by publication.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<HashMap<String, Row>>);

struct Row {
    known: Arc<Known>,
    seen_at: i64,
    pages: HashMap<String, Page>,
    bytes: usize,
}

struct Page {
    prepared: Prepared,
    made_at: i64,
}

impl Shelf {
    /// A publication by its slug, as it is or was at most a second ago.
    pub(crate) async fn known(&self, instance: &Instance, slug: &str) -> Result<Arc<Known>, WebError> {
        let now = instance.now_us();
        if let Some(known) = self.believed(slug, now) {
            return Ok(known);
        }
        // What cannot be a slug is not looked for: a zero byte, which one engine refuses, least of all.
        if slug.parse::<Slug>().is_err() {
            return Err(WebError::NotFound);
        }
        match known::look(instance, slug).await {
            Ok(Some(known)) => Ok(self.settle(slug, known, now)),
            Ok(None) => {
                self.rows().remove(slug);
                Err(WebError::NotFound)
            }
            Err(error) => {
                // Whoever comes next looks again.
                self.rows().remove(slug);
                Err(error)
            }
        }
    }

    /// A page that was made of what is still true.
    pub(crate) fn page(&self, known: &Arc<Known>, key: &str, now: i64) -> Option<Prepared> {
        let rows = self.rows();
        let row = rows.get(known.slug()).filter(|row| Arc::ptr_eq(&row.known, known))?;
        let page = row.pages.get(key)?;
        (0..KEPT).contains(&(now - page.made_at)).then(|| page.prepared.clone())
    }

    /// Keeps a page that was made of what is known; not if something newer is known by now.
    pub(crate) fn keep(&self, known: &Arc<Known>, key: String, prepared: Prepared, now: i64) {
        let mut rows = self.rows();
        let Some(row) = rows.get_mut(known.slug()).filter(|row| Arc::ptr_eq(&row.known, known)) else {
            return;
        };
        let size = prepared.body().len() + key.len();
        if row.pages.len() >= MOST_PAGES || row.bytes + size > MOST_BYTES {
            row.pages.clear();
            row.bytes = 0;
        }
        let page = Page { prepared, made_at: now };
        row.bytes += size;
        if let Some(before) = row.pages.insert(key, page) {
            row.bytes = row.bytes.saturating_sub(before.prepared.body().len());
        }
    }

    /// Makes a page anew when it is next asked for.
    pub(crate) fn forget(&self, slug: &str, key: &str) {
        if let Some(row) = self.rows().get_mut(slug)
            && let Some(page) = row.pages.remove(key)
        {
            row.bytes = row.bytes.saturating_sub(page.prepared.body().len() + key.len());
        }
    }

    /// What is known, when it need not be looked up. When it must, the first to come does so, and until then the
    /// others go on with what was known: a busy page never waits for itself.
    fn believed(&self, slug: &str, now: i64) -> Option<Arc<Known>> {
        let mut rows = self.rows();
        let row = rows.get_mut(slug)?;
        if (0..BELIEVED).contains(&(now - row.seen_at)) {
            return Some(Arc::clone(&row.known));
        }
        row.seen_at = now;
        None
    }

    fn settle(&self, slug: &str, fresh: Known, now: i64) -> Arc<Known> {
        let mut rows = self.rows();
        match rows.get_mut(slug) {
            Some(row) if *row.known == fresh => {
                row.seen_at = now;
                Arc::clone(&row.known)
            }
            _ => {
                if rows.len() >= MOST_PUBLICATIONS {
                    rows.clear();
                }
                let known = Arc::new(fresh);
                let row = Row { known: Arc::clone(&known), seen_at: now, pages: HashMap::new(), bytes: 0 };
                rows.insert(slug.to_owned(), row);
                known
            }
        }
    }

    /// The rows are whole at every moment: a panic elsewhere does not spoil them.
    fn rows(&self) -> MutexGuard<'_, HashMap<String, Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
