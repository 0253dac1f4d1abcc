//! JSON Feed 1.1 (<https://jsonfeed.org/version/1.1>).

use std::borrow::Cow;

use serde::Serialize;

use crate::xml::{legal, rfc3339};
use crate::{Channel, Item};

/// The channel as JSON Feed 1.1, indented.
pub fn json_feed(channel: &Channel) -> String {
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: legal(&channel.title),
        home_page_url: &channel.home,
        feed_url: &channel.self_url,
        description: (!channel.description.is_empty()).then(|| legal(&channel.description)),
        icon: channel.icon.as_deref(),
        authors: channel.author.iter().map(|name| Author { name: legal(name) }).collect(),
        language: &channel.language,
        items: channel.items.iter().map(Entry::new).collect(),
    };
    // Strings and lists of strings always have a form in JSON.
    serde_json::to_string_pretty(&feed).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: Cow<'a, str>,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    language: &'a str,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: Cow<'a, str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    url: &'a str,
    title: Cow<'a, str>,
    content_html: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Cow<'a, str>>,
}

impl<'a> Entry<'a> {
    fn new(item: &'a Item) -> Self {
        Entry {
            id: &item.id,
            url: &item.url,
            title: legal(&item.title),
            content_html: legal(&item.html),
            summary: item.summary.as_deref().map(legal),
            image: item.image.as_deref(),
            date_published: rfc3339(item.published),
            date_modified: rfc3339(item.updated),
            authors: item.authors.iter().map(|name| Author { name: legal(name) }).collect(),
            tags: item.tags.iter().map(|tag| legal(tag)).collect(),
        }
    }
}
