//! A letter before it meets a reader: runs of text with slots between them.
//!
//! The template is what the renderers make; [`Template::render`] fills it in the plainest way and is the measure
//! that the compiled letter is held to.

use crate::escape::{escaped, is_blank};

/// What differs from reader to reader: the author's slots, and the tokens in the addresses of our own chrome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum PersonalSlot {
    /// The reader's given name.
    FirstName = 0,
    /// The reader's family name.
    LastName = 1,
    /// Given and family name.
    Name = 2,
    /// The reader's address.
    Email = 3,
    /// Ends the address of the page that unsubscribes.
    UnsubscribeToken = 4,
    /// Ends the address of the preferences page.
    PreferencesToken = 5,
    /// Ends the address of the heart.
    HeartToken = 6,
}

impl PersonalSlot {
    /// Every slot, in the order of its number.
    pub const ALL: [PersonalSlot; 7] = [
        PersonalSlot::FirstName,
        PersonalSlot::LastName,
        PersonalSlot::Name,
        PersonalSlot::Email,
        PersonalSlot::UnsubscribeToken,
        PersonalSlot::PreferencesToken,
        PersonalSlot::HeartToken,
    ];

    /// The number of the slot in a compiled letter; it never changes.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The slot of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl From<document::Slot> for PersonalSlot {
    fn from(slot: document::Slot) -> Self {
        match slot {
            document::Slot::FirstName => PersonalSlot::FirstName,
            document::Slot::LastName => PersonalSlot::LastName,
            document::Slot::Name => PersonalSlot::Name,
            document::Slot::Email => PersonalSlot::Email,
        }
    }
}

/// How a value is made harmless where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Escape {
    /// Plain text.
    None = 0,
    /// HTML text or an attribute's value.
    Html = 1,
    /// A part of an address: everything but unreserved characters is percent-encoded.
    Url = 2,
}

/// One place where a value goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotUse {
    /// Which value.
    pub slot: PersonalSlot,
    /// Written where the reader has no such value.
    pub fallback: Option<String>,
    /// How the value is escaped.
    pub escape: Escape,
    /// Written before the value, and only with one: the space of "Hello {first_name}," goes with an absent name.
    pub lead: String,
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The same for everyone.
    Run(String),
    /// Filled per reader.
    Slot(SlotUse),
    /// For the readers of one segment.
    Only {
        /// Place of the segment's name in [`Template::segments`].
        segment: usize,
        /// What they see.
        pieces: Vec<Piece>,
    },
}

/// A letter's body, subject or text with its slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
    segments: Vec<String>,
}

impl Template {
    /// A template from its pieces. `segments` names what [`Piece::Only`] counts.
    pub fn new(pieces: Vec<Piece>, segments: Vec<String>) -> Self {
        Template { pieces, segments }
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The segments that some pieces are for, each once, in order of first use. The first is bit 0 of
    /// [`Values::segments`] when this template is rendered.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The text for one reader.
    pub fn render(&self, values: &Values<'_>) -> String {
        let mut out = Vec::with_capacity(self.size());
        render(&self.pieces, values, &mut out);
        // Runs and escaped values are UTF-8 and are never cut inside a character.
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// The text for a reader of whom nothing is known and who is in no segment.
    pub fn render_for_nobody(&self) -> String {
        self.render(&Values::default())
    }

    /// Size in bytes for a reader in every segment, each slot filled with its fallback.
    pub fn size(&self) -> usize {
        size(&self.pieces)
    }

    /// Whether it is the same for every reader.
    pub fn is_impersonal(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Run(_)))
    }
}

fn render(pieces: &[Piece], values: &Values<'_>, out: &mut Vec<u8>) {
    for piece in pieces {
        match piece {
            Piece::Run(run) => out.extend_from_slice(run.as_bytes()),
            Piece::Slot(used) => {
                let fallback = used.fallback.as_deref().filter(|fallback| !is_blank(fallback));
                if let Some(value) = values.get(used.slot).or(fallback) {
                    out.extend_from_slice(used.lead.as_bytes());
                    escaped(value, used.escape, |bytes| out.extend_from_slice(bytes));
                }
            }
            Piece::Only { segment, pieces } => {
                if *segment < 64 && values.segments >> *segment & 1 == 1 {
                    render(pieces, values, out);
                }
            }
        }
    }
}

fn size(pieces: &[Piece]) -> usize {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Run(run) => run.len(),
            Piece::Slot(used) => used.lead.len() + used.fallback.as_ref().map_or(0, String::len),
            Piece::Only { pieces, .. } => size(pieces),
        })
        .sum()
}

/// One reader's values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Values<'a> {
    slots: [Option<&'a str>; PersonalSlot::ALL.len()],
    /// The segments the reader is in, one bit each, counted as the letter's `segments()` are.
    pub segments: u64,
}

impl<'a> Values<'a> {
    /// With a value for a slot. A blank one counts as absent.
    #[must_use]
    pub fn with(mut self, slot: PersonalSlot, value: &'a str) -> Self {
        self.slots[usize::from(slot.number())] = Some(value);
        self
    }

    /// With a value where there is one.
    #[must_use]
    pub fn with_option(mut self, slot: PersonalSlot, value: Option<&'a str>) -> Self {
        self.slots[usize::from(slot.number())] = value;
        self
    }

    /// In these segments.
    #[must_use]
    pub fn in_segments(mut self, segments: u64) -> Self {
        self.segments = segments;
        self
    }

    /// The value of a slot, unless it is absent or blank.
    pub fn get(&self, slot: PersonalSlot) -> Option<&'a str> {
        self.slots[usize::from(slot.number())].filter(|value| !is_blank(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_name_takes_its_space_along() {
        let hello = Template::new(
            vec![
                Piece::Run("Hello".into()),
                Piece::Slot(SlotUse {
                    slot: PersonalSlot::FirstName,
                    fallback: None,
                    escape: Escape::Html,
                    lead: " ".into(),
                }),
                Piece::Run(",".into()),
            ],
            Vec::new(),
        );
        for (name, greeting) in
            [("Ada", "Hello Ada,"), ("", "Hello,"), ("  ", "Hello,"), ("<b>", "Hello &lt;b&gt;,")]
        {
            assert_eq!(hello.render(&Values::default().with(PersonalSlot::FirstName, name)), greeting);
        }
        assert_eq!(hello.render_for_nobody(), "Hello,");
    }
}
