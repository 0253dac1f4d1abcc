//! The edition itself, what stands above it, and the blocks that Markdown knows by itself.

use serde::{Deserialize, Serialize};

use super::{
    Booking, Button, Callout, Columns, Embed, Episode, Footer, Forwarded, Greeting, Heart, Image, Inline,
    Only, People, Poll, Ps, Question, Quote, Recommend, Share, Sponsor, Toc, Written,
};

/// The number written into every stored tree; a reader of an older number upgrades it first.
pub const FORMAT: u32 = 1;

/// An edition as written: what stands above the text, and the text as blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// [`FORMAT`] at the time of writing.
    pub format: u32,
    /// What the author says about the edition.
    pub front: FrontMatter,
    /// The text, top to bottom.
    pub blocks: Vec<Block>,
}

/// The fields between the two `---` lines at the top of an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// Title on the page and, without a `subject`, in the inbox.
    pub title: String,
    /// Subject line of the mail; may hold slots such as `{first_name|friend}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The line that inboxes show after the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preheader: Option<String>,
    /// Address of the edition on the site; made from the title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Who signs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When the text was true: `2026-11-23T08:30`, with an offset or in the publication's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<String>,
    /// BCP 47 tag; the publication's language when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Subjects, for the archive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Address of the picture shown above the text and in link previews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

/// One piece of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its text.
        content: Vec<Inline>,
    },
    /// A heading; `level` is 1 to 6.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A list.
    List(List),
    /// A plain Markdown quotation, without a named source. See [`Quote`] for one with.
    Blockquote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
    /// A code block.
    Code {
        /// The word after the fence.
        language: Option<String>,
        /// The code, without its last line end.
        text: String,
    },
    /// A table.
    Table(Table),
    /// The text of a footnote.
    Footnote {
        /// Its mark.
        label: String,
        /// Its text.
        blocks: Vec<Block>,
    },
    /// A note to oneself (`<!-- … -->`): kept, never rendered.
    Comment {
        /// What stands between the marks.
        text: String,
    },
    /// `:::divider`, or `---` in Markdown.
    Divider,
    /// Table of contents.
    Toc(Toc),
    /// The as-of line.
    Written(Written),
    /// The opening words.
    Greeting(Greeting),
    /// A podcast episode.
    Episode(Episode),
    /// A sponsor place.
    Sponsor(Sponsor),
    /// What a reader of a forwarded copy sees.
    Forwarded(Forwarded),
    /// A quotation with its source.
    Quote(Quote),
    /// A question to the readers.
    Question(Question),
    /// The heart.
    Heart(Heart),
    /// Share this edition.
    Share(Share),
    /// A button.
    Button(Button),
    /// A picture.
    Image(Image),
    /// A card for something that lives elsewhere.
    Embed(Embed),
    /// Columns side by side; one under the other on a phone.
    Columns(Columns),
    /// An aside that stands out.
    Callout(Callout),
    /// A vote.
    Poll(Poll),
    /// A coaching or a call to book.
    Booking(Booking),
    /// Another letter worth reading.
    Recommend(Recommend),
    /// People and their links.
    People(People),
    /// Blocks for some readers or some renderings only.
    Only(Only),
    /// A postscript.
    Ps(Ps),
    /// The author's own words at the very end.
    Footer(Footer),
}

/// A bullet, numbered or task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// First number of a numbered list.
    pub start: Option<u64>,
    /// Items without paragraphs' spacing.
    pub tight: bool,
    /// The items.
    pub items: Vec<Item>,
}

/// An item of a [`List`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The box of a task, ticked or not.
    pub checked: Option<bool>,
    /// What it says. In a tight list the text stands in [`Block::Paragraph`] all the same.
    pub blocks: Vec<Block>,
}

/// A table with one heading row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// One a column.
    pub alignments: Vec<Alignment>,
    /// One cell a column.
    pub head: Vec<Vec<Inline>>,
    /// Rows of one cell a column.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How a column of a table is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// As the language goes.
    None,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}
