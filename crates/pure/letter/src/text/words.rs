//! A text as words: what may not be cut at the end of a line.

use crate::template::PersonalSlot;

/// Letters that a slot's value is thought to have when lines are cut.
const VALUE: usize = 8;

/// A part of a word.
#[derive(Clone, Debug)]
pub(super) enum Bit {
    Text(String),
    Slot(PersonalSlot, Option<String>),
}

/// Bits that stay on one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) bits: Vec<Bit>,
    /// It begins a line whatever the room.
    pub(super) breaks: bool,
}

impl Word {
    /// Letters it takes, about.
    pub(super) fn width(&self) -> usize {
        self.bits.iter().map(Bit::width).sum()
    }
}

impl Bit {
    fn width(&self) -> usize {
        match self {
            Bit::Text(text) => text.chars().count(),
            Bit::Slot(_, fallback) => {
                fallback.as_ref().map_or(VALUE, |words| words.chars().count().max(VALUE))
            }
        }
    }
}

/// A text being cut into words.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    words: Vec<Word>,
    /// What comes next begins a word.
    apart: bool,
    breaks: bool,
}

impl Words {
    /// Appends text; spaces in it part words, those that do not break do not.
    pub(super) fn text(&mut self, text: &str) {
        for (at, part) in text.split(|letter: char| parts(letter)).enumerate() {
            if at > 0 {
                self.space();
            }
            if !part.is_empty() {
                self.bit(Bit::Text(part.to_owned()));
            }
        }
    }

    /// The number of a link, which stays on the line of the word before it.
    pub(super) fn number(&mut self, number: usize) {
        self.apart = self.words.is_empty();
        let space = if self.words.is_empty() { "" } else { " " };
        self.bit(Bit::Text(format!("{space}[{number}]")));
    }

    pub(super) fn slot(&mut self, slot: PersonalSlot, fallback: Option<String>) {
        self.bit(Bit::Slot(slot, fallback));
    }

    /// What comes next is another word.
    pub(super) fn space(&mut self) {
        self.apart = true;
    }

    /// What comes next begins a line.
    pub(super) fn line(&mut self) {
        self.apart = true;
        self.breaks = !self.words.is_empty();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn into_words(self) -> Vec<Word> {
        self.words
    }

    /// Width when all stands on one line.
    pub(super) fn width(&self) -> usize {
        self.words.iter().map(Word::width).sum::<usize>() + self.words.len().saturating_sub(1)
    }

    fn bit(&mut self, bit: Bit) {
        if self.apart || self.words.is_empty() {
            self.words.push(Word { bits: Vec::new(), breaks: self.breaks });
            self.breaks = false;
            self.apart = false;
        }
        if let Some(word) = self.words.last_mut() {
            word.bits.push(bit);
        }
    }
}

/// Where a line may be cut. Control characters are spaces: nothing but our own line ends ends a line.
fn parts(letter: char) -> bool {
    letter == ' ' || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}
