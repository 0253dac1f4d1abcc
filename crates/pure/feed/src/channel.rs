//! What all three feeds are written from.

use jiff::Timestamp;

/// A publication as a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub title: String,
    /// Address of its front page.
    pub home: String,
    /// Address of this very feed.
    pub self_url: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// Who writes it.
    pub author: Option<String>,
    /// Address of a square picture.
    pub icon: Option<String>,
    /// When anything in it last changed.
    pub updated: Timestamp,
    /// Its editions, newest first.
    pub items: Vec<Item>,
}

/// An edition in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What never changes, even when the address does; the first address it had is a good one.
    pub id: String,
    /// Where it is read.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The whole text as HTML, with absolute addresses.
    pub html: String,
    /// A sentence or two of plain text.
    pub summary: Option<String>,
    /// When it was first sent.
    pub published: Timestamp,
    /// When its text last changed.
    pub updated: Timestamp,
    /// Who signs it.
    pub authors: Vec<String>,
    /// Its subjects.
    pub tags: Vec<String>,
    /// Address of its picture.
    pub image: Option<String>,
}
