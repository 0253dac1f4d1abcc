//! RSS 2.0, with the whole text of each edition.

use crate::xml::{Xml, rfc822};
use crate::{Channel, Item};

/// The channel as RSS 2.0 with `content:encoded`, `dc:creator`, a link to itself and pictures.
pub fn rss(channel: &Channel) -> String {
    let namespaces = [
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ];
    let mut xml = Xml::new();
    xml.within("rss", &namespaces, |xml| xml.within("channel", &[], |xml| write(xml, channel)));
    xml.done()
}

fn write(xml: &mut Xml, channel: &Channel) {
    xml.text("title", &[], &channel.title);
    xml.text("link", &[], &channel.home);
    // RSS 2.0 requires a description; the title is better than nothing.
    let about = if channel.description.is_empty() { &channel.title } else { &channel.description };
    xml.text("description", &[], about);
    xml.text("language", &[], &channel.language);
    xml.text("lastBuildDate", &[], &rfc822(channel.updated));
    xml.empty("atom:link", &[("href", &channel.self_url), ("rel", "self"), ("type", "application/rss+xml")]);
    if let Some(icon) = &channel.icon {
        xml.within("image", &[], |xml| {
            xml.text("url", &[], icon);
            xml.text("title", &[], &channel.title);
            xml.text("link", &[], &channel.home);
        });
    }
    for item in &channel.items {
        xml.within("item", &[], |xml| write_item(xml, channel, item));
    }
}

fn write_item(xml: &mut Xml, channel: &Channel, item: &Item) {
    xml.text("title", &[], &item.title);
    xml.text("link", &[], &item.url);
    let permanent = if item.id == item.url { "true" } else { "false" };
    xml.text("guid", &[("isPermaLink", permanent)], &item.id);
    xml.text("pubDate", &[], &rfc822(item.published));
    // RSS's own <author> wants a mail address; dc:creator takes a name.
    let channel_author = if item.authors.is_empty() { channel.author.as_ref() } else { None };
    for author in item.authors.iter().chain(channel_author) {
        xml.text("dc:creator", &[], author);
    }
    for tag in &item.tags {
        xml.text("category", &[], tag);
    }
    if let Some(summary) = &item.summary {
        xml.text("description", &[], summary);
    }
    if let Some(image) = &item.image {
        xml.empty("media:content", &[("url", image), ("medium", "image")]);
    }
    xml.cdata("content:encoded", &item.html);
}
