//! Setting type by language: what an author typed on a keyboard becomes what a printer would set.
//!
//! - French: a narrow no-break space (U+202F) before `; : ! ? »` and after `«`, `"…"` becomes « … » (“ … ” inside),
//!   `'` an apostrophe.
//! - English: curly quotes and apostrophes.
//! - Both: `...` becomes …, ` -- ` a long dash, ` - ` a short one.
//! - Other languages: … only; their quotes are not ours to guess.
//!
//! A text is read as a whole, through emphasis and links, so `*Quoi* ?` is set like `Quoi ?`. Code, addresses and
//! slots stay as they are. Setting what is set already changes nothing; a property test says so.

use document::{Inline, Span};

mod setter;
mod tree;

pub(crate) use tree::set_document;

use setter::Place;

/// Stands for what is not ours to set: code, slots, pictures.
const OPAQUE: char = '\u{fffc}';
/// The leaf of a place that is not written back.
const NO_LEAF: usize = usize::MAX;

/// A way of setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As in French.
    French,
    /// As in English.
    English,
    /// As typed, but for the ellipsis.
    Plain,
}

impl Manner {
    /// The manner of a BCP 47 tag.
    pub fn of(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "fr" => Manner::French,
            "en" => Manner::English,
            _ => Manner::Plain,
        }
    }
}

/// Sets a text that has no inline structure.
pub fn set_text(text: &str, manner: Manner) -> String {
    let mut places = Vec::with_capacity(text.len());
    letters(text, 0, manner, &mut places);
    setter::set(&mut places, 1).pop().unwrap_or_default()
}

/// Sets a run of inlines as one text.
pub fn set_inlines(content: &mut [Inline], manner: Manner) {
    let mut places = Vec::new();
    let mut leaves = 0;
    gather(content, manner, &mut leaves, &mut places);
    let mut set = setter::set(&mut places, leaves).into_iter();
    scatter(content, &mut set);
    set_fallbacks(content, manner);
}

/// What the author offers in a name's place is the author's text too; the reader's own value is left alone.
fn set_fallbacks(content: &mut [Inline], manner: Manner) {
    for inline in content {
        match inline {
            Inline::Slot { fallback: Some(fallback), .. } => *fallback = set_text(fallback, manner),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. } => set_fallbacks(content, manner),
            Inline::Span { span, content } => {
                let manner = match span {
                    Span::Lang { code } => Manner::of(code),
                    _ => manner,
                };
                set_fallbacks(content, manner);
            }
            _ => {}
        }
    }
}

fn letters(text: &str, leaf: usize, manner: Manner, places: &mut Vec<Place>) {
    places.extend(text.chars().map(|letter| Place { letter, leaf, manner, fixed: false }));
}

fn gather(content: &[Inline], manner: Manner, leaves: &mut usize, places: &mut Vec<Place>) {
    for inline in content {
        match inline {
            Inline::Text { text } => {
                letters(text, *leaves, manner, places);
                *leaves += 1;
            }
            Inline::SoftBreak | Inline::HardBreak => places.push(fixed('\n', manner)),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. } => gather(content, manner, leaves, places),
            Inline::Span { span, content } => {
                let manner = match span {
                    Span::Lang { code } => Manner::of(code),
                    _ => manner,
                };
                gather(content, manner, leaves, places);
            }
            Inline::Code { .. } | Inline::Image { .. } | Inline::Slot { .. } => {
                places.push(fixed(OPAQUE, manner));
            }
            // A mark hangs on its word; what follows is set as if it were not there.
            Inline::FootnoteReference { .. } => {}
        }
    }
}

fn fixed(letter: char, manner: Manner) -> Place {
    Place { letter, leaf: NO_LEAF, manner, fixed: true }
}

/// Writes the set texts back, in the order in which `gather` numbered them.
fn scatter(content: &mut [Inline], set: &mut impl Iterator<Item = String>) {
    for inline in content {
        match inline {
            Inline::Text { text } => *text = set.next().unwrap_or_default(),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. }
            | Inline::Span { content, .. } => scatter(content, set),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
