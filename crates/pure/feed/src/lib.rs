//! What machines read of a publication: RSS 2.0, Atom, JSON Feed 1.1 and the sitemap.
//!
//! One [`Channel`] is written three ways: [`rss`], [`atom`] and [`json_feed`]. [`sitemap`] and [`sitemap_index`] list
//! pages for search engines.
//!
//! Guaranteed: whatever the texts hold, the result is well-formed; characters that XML 1.0 forbids are left out.
//! Not guaranteed: that an address is one, or that `html` is safe; whoever fills a channel has seen to both.
//!
//! Not here: the clock, any file, and any choice of which editions belong in a feed.

mod atom;
mod channel;
mod json;
mod rss;
mod sitemap;
mod xml;

pub use atom::atom;
pub use channel::{Channel, Item};
pub use json::json_feed;
pub use rss::rss;
pub use sitemap::{Entry, SITEMAP_LIMIT, sitemap, sitemap_index};

/// Media type of [`rss`].
pub const RSS_TYPE: &str = "application/rss+xml; charset=utf-8";
/// Media type of [`atom`] (RFC 4287 7).
pub const ATOM_TYPE: &str = "application/atom+xml; charset=utf-8";
/// Media type of [`json_feed`].
pub const JSON_TYPE: &str = "application/feed+json; charset=utf-8";
/// Media type of [`sitemap`] and [`sitemap_index`].
pub const SITEMAP_TYPE: &str = "application/xml; charset=utf-8";

#[cfg(test)]
mod tests;
