//! Runs of text.

use serde::{Deserialize, Serialize};

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Inline {
    /// Letters as typed; typography comes when rendering.
    Text {
        /// The letters.
        text: String,
    },
    /// A line end that is only a space.
    SoftBreak,
    /// A line end that is one.
    HardBreak,
    /// `*…*`
    Emphasis {
        /// The stressed text.
        content: Vec<Inline>,
    },
    /// `**…**`
    Strong {
        /// The strong text.
        content: Vec<Inline>,
    },
    /// `~~…~~`
    Strikethrough {
        /// The struck text.
        content: Vec<Inline>,
    },
    /// `` `…` ``
    Code {
        /// The code.
        text: String,
    },
    /// A link.
    Link {
        /// Where it leads.
        href: String,
        /// Shown on hover.
        title: Option<String>,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A small picture in the text. See [`Block::Image`] for one that stands alone.
    Image {
        /// Its address.
        src: String,
        /// What it shows, in words.
        alt: String,
        /// Shown on hover.
        title: Option<String>,
    },
    /// `[^label]`
    FootnoteReference {
        /// The footnote's mark.
        label: String,
    },
    /// `{first_name|la mif}`: what differs from reader to reader.
    Slot {
        /// Which.
        slot: Slot,
        /// Written where the reader has no such value.
        fallback: Option<String>,
    },
    /// `:name[text]{…}`
    Span {
        /// Which.
        span: Span,
        /// Its text.
        content: Vec<Inline>,
    },
}

/// What an author may ask to be filled in per reader. A fixed list: there is no template language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The reader's given name.
    FirstName,
    /// The reader's family name.
    LastName,
    /// Given and family name.
    Name,
    /// The reader's address.
    Email,
}

impl Slot {
    /// Every slot, in the order of the docs.
    pub const ALL: [Slot; 4] = [Slot::FirstName, Slot::LastName, Slot::Name, Slot::Email];

    /// The name written between braces.
    pub const fn name(self) -> &'static str {
        match self {
            Slot::FirstName => "first_name",
            Slot::LastName => "last_name",
            Slot::Name => "name",
            Slot::Email => "email",
        }
    }
}

/// A named run of text: `:mark[…]`, `:small[…]`, `:abbr[…]{title="…"}`, `:lang[…]{code="en"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Span {
    /// Highlighted.
    Mark,
    /// Small print.
    Small,
    /// An abbreviation.
    Abbr {
        /// What it stands for.
        title: String,
    },
    /// Words in another language, so that a screen reader says them right.
    Lang {
        /// BCP 47 tag.
        code: String,
    },
}
