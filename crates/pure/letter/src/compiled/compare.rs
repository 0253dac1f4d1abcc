//! Whether a copy that came back is this letter: fixed runs must be there, slots may hold a reader's value.
//!
//! What a relay or a mail program may do to a letter without changing it is forgiven: the transfer encoding (texts are
//! compared decoded), line ends, blanks at the end of a line, empty lines at the end of a part. Nothing else is.
//!
//! A value has to be the same wherever its slot occurs, a segment is in or out for the whole letter, and the caller is
//! asked whether a value is one that the slot could hold. Values are not known here, so a changed name is a name.

mod tokens;
mod values;

use std::ops::ControlFlow;

use super::CompiledLetter;
use crate::escape::{escaped, is_blank};
use crate::template::{PersonalSlot, Template};
use tokens::{Token, flatten};
use values::{ends, named, unescaped};

/// Letters of an excerpt.
const EXCERPT: usize = 60;
/// Letters of an excerpt before the place where two texts part.
const BEFORE: usize = 20;
/// Looks at a letter of the copy, for each letter it has: a hostile copy must not keep anyone busy.
const LOOKS: usize = 64;

/// A part of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The text for those who read text.
    Text,
    /// The HTML document.
    Html,
}

/// The first place that no reading of the copy as this letter explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which part; nothing when a template was compared.
    pub part: Option<Part>,
    /// The line in it, from 1 on.
    pub line: usize,
    /// What the letter has there.
    pub expected: String,
    /// What the copy has there.
    pub found: String,
    /// How much of the copy was explained before, in bytes: of several letters the nearest has the most.
    pub explained: usize,
}

/// The values that a copy was filled with, in the order of the slots.
pub type Filled = Vec<(PersonalSlot, String)>;

impl CompiledLetter {
    /// Reads the two decoded bodies of a copy as this letter. `plausible` says whether a slot could have been filled
    /// with a value; values are given unescaped.
    pub fn matches(
        &self,
        text: &str,
        html: &str,
        plausible: &dyn Fn(PersonalSlot, &str) -> bool,
    ) -> Result<Filled, Difference> {
        let mut tokens = self.part(Part::Text);
        tokens.push(Token::NextPart);
        tokens.extend(self.part(Part::Html));
        let copies = vec![(Some(Part::Text), plain(text)), (Some(Part::Html), plain(html))];
        Comparison::new(tokens, copies, plausible).run()
    }
}

impl Template {
    /// Reads a filled text, such as a subject, as this template.
    pub fn matches(
        &self,
        copy: &str,
        plausible: &dyn Fn(PersonalSlot, &str) -> bool,
    ) -> Result<Filled, Difference> {
        let mut tokens = Vec::new();
        flatten(self.pieces(), &mut tokens);
        Comparison::new(tokens, vec![(None, plain(copy))], plausible).run()
    }
}

/// Where a reading of the copy is.
#[derive(Clone, Default)]
struct Reading {
    token: usize,
    part: usize,
    at: usize,
    /// By number of the slot: not met yet, absent, or this value.
    values: [Option<Option<String>>; PersonalSlot::ALL.len()],
    /// Segments met, and those among them that the reader is in.
    met: u64,
    inside: u64,
}

struct Comparison<'a> {
    tokens: Vec<Token>,
    copies: Vec<(Option<Part>, String)>,
    plausible: &'a dyn Fn(PersonalSlot, &str) -> bool,
    /// The furthest place that was explained, and what should have followed.
    furthest: (usize, usize, String),
    looks: usize,
}

impl<'a> Comparison<'a> {
    fn new(
        tokens: Vec<Token>,
        copies: Vec<(Option<Part>, String)>,
        plausible: &'a dyn Fn(PersonalSlot, &str) -> bool,
    ) -> Self {
        let length: usize = copies.iter().map(|(_, copy)| copy.len()).sum();
        let fixed: usize =
            tokens.iter().map(|token| if let Token::Fixed(run) = token { run.len() } else { 1 }).sum();
        Comparison {
            tokens,
            copies,
            plausible,
            furthest: (0, 0, String::new()),
            looks: LOOKS * (length + fixed + 1_000),
        }
    }

    fn run(mut self) -> Result<Filled, Difference> {
        match self.read(Reading::default()) {
            Some(values) => Ok(PersonalSlot::ALL
                .into_iter()
                .zip(values)
                .filter_map(|(slot, value)| value.flatten().map(|value| (slot, value)))
                .collect()),
            None => Err(self.difference()),
        }
    }

    /// Goes on until the copy is explained, or cannot be. Calls itself only where it has a choice: at the first place
    /// of a slot or a segment, so never deeper than there are of them.
    fn read(&mut self, mut reading: Reading) -> Option<[Option<Option<String>>; 7]> {
        loop {
            let Some(token) = self.tokens.get(reading.token) else {
                return self.at_end(&reading).then_some(reading.values);
            };
            match token {
                Token::Fixed(_) => {
                    self.fixed(&mut reading)?;
                }
                Token::NextPart => {
                    if !self.at_end(&reading) {
                        return None;
                    }
                    (reading.part, reading.at) = (reading.part + 1, 0);
                }
                Token::Only { segment, skip } => {
                    let (bit, skip) = (1_u64.checked_shl(*segment as u32).unwrap_or(0), *skip);
                    if reading.met & bit == 0 && bit != 0 {
                        reading.met |= bit;
                        let mut inside = reading.clone();
                        inside.inside |= bit;
                        inside.token += 1;
                        if let Some(values) = self.read(inside) {
                            return Some(values);
                        }
                    }
                    if reading.inside & bit == 0 {
                        reading.token += skip;
                    }
                }
                Token::Slot { slot, .. } => {
                    let known = reading.values[usize::from(slot.number())].clone();
                    match known {
                        Some(value) => self.known(&mut reading, value.as_deref())?,
                        None => match self.choose(&mut reading) {
                            ControlFlow::Break(values) => return Some(values),
                            ControlFlow::Continue(()) => return None,
                        },
                    }
                }
            }
            reading.token += 1;
        }
    }

    /// The first place of a slot: absent, or one value after the other.
    fn choose(&mut self, reading: &mut Reading) -> ControlFlow<[Option<Option<String>>; 7]> {
        let Some(Token::Slot { slot, escape, lead, .. }) = self.tokens.get(reading.token) else {
            return ControlFlow::Continue(());
        };
        let (slot, escape, lead) = (*slot, *escape, lead.clone());
        let number = usize::from(slot.number());
        let mut absent = reading.clone();
        absent.values[number] = Some(None);
        if self.known(&mut absent, None).is_some() {
            absent.token += 1;
            if let Some(values) = self.read(absent) {
                return ControlFlow::Break(values);
            }
        }
        let copy = &self.copies[reading.part].1;
        let Some(rest) = copy.get(reading.at..).and_then(|rest| rest.strip_prefix(lead.as_str())) else {
            self.missed(reading.part, reading.at, &named(slot));
            return ControlFlow::Continue(());
        };
        let start = copy.len() - rest.len();
        let ends = ends(slot, escape, rest);
        for end in ends {
            self.looks = self.looks.saturating_sub(end);
            if self.looks == 0 {
                return ControlFlow::Continue(());
            }
            let value = unescaped(&self.copies[reading.part].1[start..start + end], escape);
            if is_blank(&value) || !(self.plausible)(slot, &value) {
                self.missed(reading.part, start, &named(slot));
                continue;
            }
            let mut filled = reading.clone();
            filled.values[number] = Some(Some(value));
            (filled.at, filled.token) = (start + end, filled.token + 1);
            if let Some(values) = self.read(filled) {
                return ControlFlow::Break(values);
            }
        }
        ControlFlow::Continue(())
    }

    /// A slot whose value is known.
    fn known(&mut self, reading: &mut Reading, value: Option<&str>) -> Option<()> {
        let Some(Token::Slot { escape, lead, fallback, .. }) = self.tokens.get(reading.token) else {
            return None;
        };
        let expected = match value {
            None => fallback.clone(),
            Some(value) => {
                let mut bytes = lead.as_bytes().to_vec();
                escaped(value, *escape, |part| bytes.extend_from_slice(part));
                String::from_utf8_lossy(&bytes).into_owned()
            }
        };
        self.compare(reading, &expected)
    }

    fn fixed(&mut self, reading: &mut Reading) -> Option<()> {
        let Some(Token::Fixed(run)) = self.tokens.get_mut(reading.token) else { return None };
        // Put back below: a letter is compared many times with nothing copied.
        let run = std::mem::take(run);
        let same = self.compare(reading, &run);
        if let Some(Token::Fixed(place)) = self.tokens.get_mut(reading.token) {
            *place = run;
        }
        same
    }

    /// Goes past what is expected, if it is there.
    fn compare(&mut self, reading: &mut Reading, expected: &str) -> Option<()> {
        let copy = self.copies[reading.part].1.as_bytes();
        let mut at = reading.at;
        for (place, byte) in expected.bytes().enumerate() {
            self.looks = self.looks.saturating_sub(1);
            if self.looks == 0 {
                return None;
            }
            match copy.get(at) {
                Some(found) if *found == byte => at += 1,
                // Blanks before a line end, and everything blank at the end, may be gone.
                Some(b'\n') if matches!(byte, b' ' | b'\t') => {}
                None if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => {}
                _ if byte == b'\r' => {}
                _ => {
                    let rest = floor(expected, place);
                    let rest = expected[rest..].to_owned();
                    self.missed(reading.part, at, &rest);
                    return None;
                }
            }
        }
        reading.at = at;
        Some(())
    }

    fn at_end(&mut self, reading: &Reading) -> bool {
        let copy = &self.copies[reading.part].1;
        let rest = &copy[floor(copy, reading.at)..];
        if rest.trim().is_empty() {
            return true;
        }
        self.missed(reading.part, reading.at, "");
        false
    }

    fn missed(&mut self, part: usize, at: usize, expected: &str) {
        if (part, at) >= (self.furthest.0, self.furthest.1) {
            self.furthest = (part, at, expected.chars().take(EXCERPT).collect());
        }
    }

    fn difference(self) -> Difference {
        let (number, at, expected) = self.furthest;
        let (part, copy) = &self.copies[number];
        let at = floor(copy, at);
        let before: String =
            copy[..at].chars().rev().take_while(|letter| *letter != '\n').take(BEFORE).collect();
        let before: String = before.chars().rev().collect();
        let after: String = copy[at..].chars().take(EXCERPT).collect();
        Difference {
            part: *part,
            line: copy[..at].matches('\n').count() + 1,
            expected: one_line(&format!("{before}{expected}")),
            found: one_line(&format!("{before}{after}")),
            explained: self.copies[..number].iter().map(|(_, copy)| copy.len()).sum::<usize>() + at,
        }
    }
}

/// A text with the line ends of this house and no blanks before them.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").split('\n') {
        out.push_str(line.trim_end_matches([' ', '\t', '\r']));
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// The nearest place at or before this one where a letter begins.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
