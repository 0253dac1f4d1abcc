//! The list of pages for search engines (<https://www.sitemaps.org/protocol.html>).

use jiff::Timestamp;

use crate::xml::{Xml, rfc3339};

/// The most pages one sitemap may list; with more, write several and an index of them.
pub const SITEMAP_LIMIT: usize = 50_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// A page, or in an index a sitemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its address.
    pub url: String,
    /// When it last changed, if that is known.
    pub updated: Option<Timestamp>,
}

/// A sitemap of pages. What lies beyond [`SITEMAP_LIMIT`] is left out, since search engines refuse the whole file.
pub fn sitemap(pages: &[Entry]) -> String {
    list("urlset", "url", pages)
}

/// An index of sitemaps.
pub fn sitemap_index(sitemaps: &[Entry]) -> String {
    list("sitemapindex", "sitemap", sitemaps)
}

fn list(outer: &str, inner: &str, entries: &[Entry]) -> String {
    let mut xml = Xml::new();
    xml.within(outer, &[("xmlns", NAMESPACE)], |xml| {
        for entry in entries.iter().take(SITEMAP_LIMIT) {
            xml.within(inner, &[], |xml| {
                xml.text("loc", &[], &entry.url);
                if let Some(updated) = entry.updated {
                    xml.text("lastmod", &[], &rfc3339(updated));
                }
            });
        }
    });
    xml.done()
}
