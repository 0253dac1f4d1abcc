//! What is open while the text is read: blocks that hold blocks, and runs of text.

use pulldown_cmark::Event;

use crate::{
    forms::BlockForm,
    model::{Alignment, Inline},
    read::{
        build::{Placed, Values},
        weave::Piece,
    },
};

/// A block that is still open.
pub(crate) struct Container {
    pub(crate) kind: ContainerKind,
    pub(crate) at: usize,
    pub(crate) parts: Vec<Placed>,
}

pub(crate) enum ContainerKind {
    /// The edition.
    Root,
    /// One of our blocks; without a form when its name is unknown, without values when they are wrong.
    Fence {
        name: String,
        form: Option<&'static BlockForm>,
        values: Option<Values>,
        colons: usize,
    },
    Quote,
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<crate::Item>,
    },
    Item {
        checked: Option<bool>,
    },
    Footnote {
        label: String,
    },
}

/// A run of text that is still open.
pub(crate) struct Run {
    pub(crate) kind: RunKind,
    pub(crate) at: usize,
    pub(crate) pieces: Vec<Piece>,
    /// The words of an [`RunKind::Image`], which has no other content.
    pub(crate) words: String,
}

pub(crate) enum RunKind {
    /// `implied`: an item of a tight list has no paragraph of its own.
    Paragraph {
        implied: bool,
    },
    Heading {
        level: u8,
    },
    Cell,
    Emphasis,
    Strong,
    Strikethrough,
    Link {
        href: String,
        title: String,
        literal: bool,
    },
    Image {
        src: String,
        title: String,
    },
}

impl Run {
    pub(crate) fn new(kind: RunKind, at: usize) -> Self {
        Run { kind, at, pieces: Vec::new(), words: String::new() }
    }

    /// Adds text as it stands in the source, in one piece with what stands right before it.
    pub(crate) fn raw(&mut self, at: usize, end: usize) {
        if at == end {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Raw { end: before, .. }) if *before == at => *before = end,
            _ => self.pieces.push(Piece::Raw { at, end }),
        }
    }
}

/// A table that is still open.
pub(crate) struct OpenTable {
    pub(crate) at: usize,
    pub(crate) alignments: Vec<Alignment>,
    pub(crate) head: Option<Vec<Vec<Inline>>>,
    pub(crate) rows: Vec<Vec<Vec<Inline>>>,
    pub(crate) row: Vec<Vec<Inline>>,
}

/// Whether an event stands in a line, so that a tight item has to open a paragraph for it.
pub(crate) fn is_inline(event: &Event<'_>) -> bool {
    use pulldown_cmark::Tag;
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        _ => false,
    }
}
