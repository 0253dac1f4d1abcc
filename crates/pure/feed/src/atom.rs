//! Atom (RFC 4287).

use crate::xml::{Xml, rfc3339};
use crate::{Channel, Item};

/// The channel as an Atom feed with the whole text of each edition.
pub fn atom(channel: &Channel) -> String {
    let attributes = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", channel.language.as_str())];
    let mut xml = Xml::new();
    xml.within("feed", &attributes, |xml| write(xml, channel));
    xml.done()
}

fn write(xml: &mut Xml, channel: &Channel) {
    // RFC 4287 4.2.6: an identifier that never changes; the front page outlives the address of the feed.
    xml.text("id", &[], &channel.home);
    xml.text("title", &[], &channel.title);
    if !channel.description.is_empty() {
        xml.text("subtitle", &[], &channel.description);
    }
    xml.text("updated", &[], &rfc3339(channel.updated));
    // RFC 4287 4.1.1: an author here unless each entry has one.
    let author = channel.author.as_deref().unwrap_or(&channel.title);
    xml.within("author", &[], |xml| xml.text("name", &[], author));
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &channel.self_url)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &channel.home)]);
    if let Some(icon) = &channel.icon {
        xml.text("icon", &[], icon);
    }
    for item in &channel.items {
        xml.within("entry", &[], |xml| write_entry(xml, item));
    }
}

fn write_entry(xml: &mut Xml, item: &Item) {
    xml.text("id", &[], &item.id);
    xml.text("title", &[], &item.title);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &item.url)]);
    xml.text("published", &[], &rfc3339(item.published));
    xml.text("updated", &[], &rfc3339(item.updated));
    for author in &item.authors {
        xml.within("author", &[], |xml| xml.text("name", &[], author));
    }
    for tag in &item.tags {
        xml.empty("category", &[("term", tag)]);
    }
    if let Some(summary) = &item.summary {
        xml.text("summary", &[], summary);
    }
    // RFC 4287 4.1.3.1: HTML stands as escaped text.
    xml.text("content", &[("type", "html")], &item.html);
}
