//! The rules, letter by letter. Each decision looks at what was set before it and at what was typed after it.

use super::{Manner, NO_LEAF, OPAQUE};

const NARROW: char = '\u{202f}';
const HARD: char = '\u{a0}';

/// English words that begin with an apostrophe, not with a quote.
const ELIDED: [&str; 8] = ["tis", "twas", "twere", "em", "til", "cause", "bout", "n"];

/// One letter of a text, and where it goes back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) letter: char,
    pub(super) leaf: usize,
    pub(super) manner: Manner,
    /// Not to be changed.
    pub(super) fixed: bool,
}

/// Sets a text; gives its leaves.
pub(super) fn set(places: &mut [Place], leaves: usize) -> Vec<String> {
    fix_addresses(places);
    let mut setter = Setter { places, leaves: vec![String::new(); leaves], last: None, open: Vec::new() };
    let mut at = 0;
    while at < setter.places.len() {
        at += setter.step(at);
    }
    setter.leaves
}

/// Marks web and mail addresses as not to be changed.
fn fix_addresses(places: &mut [Place]) {
    let mut start = 0;
    while start < places.len() {
        let length = places[start..].iter().take_while(|place| !ends_word(place.letter)).count();
        let word: Vec<char> = places[start..start + length].iter().map(|place| place.letter).collect();
        if let Some(from) = address_start(&word) {
            let trimmed = word.iter().rev().take_while(|letter| trails(**letter)).count();
            let until = (length - trimmed).max(from);
            places[start + from..start + until].iter_mut().for_each(|place| place.fixed = true);
        }
        start += length.max(1);
    }
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || letter == OPAQUE
}

/// Punctuation after an address is not part of it.
fn trails(letter: char) -> bool {
    matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '"' | '\'' | '’' | '”' | '»' | '…')
}

fn leads(letter: char) -> bool {
    matches!(letter, '(' | '[' | '{' | '"' | '\'' | '’' | '‘' | '“' | '«' | '<')
}

/// Where an address begins in a word.
fn address_start(word: &[char]) -> Option<usize> {
    if let Some(colon) = word.windows(3).position(|three| three == [':', '/', '/']) {
        let scheme = word[..colon].iter().rev().take_while(|letter| letter.is_ascii_alphanumeric()).count();
        if scheme > 0 {
            return Some(colon - scheme);
        }
    }
    let lead = word.iter().take_while(|letter| leads(**letter)).count();
    let at_sign = word
        .windows(3)
        .any(|three| three[0].is_alphanumeric() && three[1] == '@' && three[2].is_alphanumeric());
    (at_sign || word[lead..].starts_with(&['w', 'w', 'w', '.'])).then_some(lead)
}

struct Setter<'a> {
    places: &'a [Place],
    leaves: Vec<String>,
    /// The last letter set, and its leaf.
    last: Option<(char, usize)>,
    /// The quotes that are open, as they were opened.
    open: Vec<char>,
}

impl Setter<'_> {
    /// Sets what begins at a place; gives how many places it took.
    fn step(&mut self, at: usize) -> usize {
        let Place { letter, leaf, manner, fixed } = self.places[at];
        if fixed {
            self.put(letter, leaf);
            return 1;
        }
        match (letter, manner) {
            ('.', _) if (1..3).all(|ahead| self.free(at + ahead) == Some('.')) => {
                self.put('…', leaf);
                return 3;
            }
            ('-', Manner::French | Manner::English) => return self.dash(at),
            ('"', Manner::French | Manner::English) => self.straight_quote(at),
            ('\'', Manner::French) => self.put('’', leaf),
            ('\'', Manner::English) => self.english_apostrophe(at),
            ('«' | '“', _) => self.open_quote(letter, at),
            ('»' | '”', _) => self.close_quote(letter, leaf, manner),
            (' ' | HARD, Manner::French) if self.letter() == Some('«') => self.put(NARROW, leaf),
            (';' | ':' | '!' | '?', Manner::French) => self.high_punctuation(at),
            ('%' | '€', Manner::French) if self.spaced_figure(leaf) => {
                self.tighten();
                self.put(letter, leaf);
            }
            _ => self.put(letter, leaf),
        }
        1
    }

    fn put(&mut self, letter: char, leaf: usize) {
        if leaf != NO_LEAF {
            self.leaves[leaf].push(letter);
        }
        self.last = Some((letter, leaf));
    }

    fn letter(&self) -> Option<char> {
        self.last.map(|(letter, _)| letter)
    }

    /// The letter typed at a place, whatever it is.
    fn typed(&self, at: usize) -> Option<char> {
        self.places.get(at).map(|place| place.letter)
    }

    /// The letter typed at a place, when it may be changed.
    fn free(&self, at: usize) -> Option<char> {
        self.places.get(at).filter(|place| !place.fixed).map(|place| place.letter)
    }

    /// Turns the space just set into a narrow one that does not break.
    fn tighten(&mut self) {
        if let Some((' ' | HARD, leaf)) = self.last
            && leaf != NO_LEAF
        {
            self.leaves[leaf].pop();
            self.put(NARROW, leaf);
        }
    }

    fn spaced_figure(&self, leaf: usize) -> bool {
        let mut before = self.leaves[leaf].chars().rev();
        matches!(before.next(), Some(' ' | HARD))
            && before.next().is_some_and(|letter| letter.is_ascii_digit())
    }

    fn high_punctuation(&mut self, at: usize) {
        let Place { letter, leaf, .. } = self.places[at];
        let next = self.typed(at + 1);
        let free_after = match letter {
            // `10:30`, `:-)` and `&eacute;` keep their form.
            ':' | ';' => {
                next.is_none_or(|next| next.is_whitespace() || matches!(next, OPAQUE | '"' | '»' | '”'))
            }
            // So do `page?x=1` and `!important`.
            _ => next
                .is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '/' | '=' | '&' | '#' | '_')),
        };
        if free_after {
            match self.letter() {
                Some(' ' | HARD) => self.tighten(),
                Some(last)
                    if last.is_alphanumeric()
                        || matches!(last, ')' | ']' | '…' | '»' | '”' | '’' | '%' | '€' | OPAQUE) =>
                {
                    self.put(NARROW, leaf);
                }
                _ => {}
            }
        }
        self.put(letter, leaf);
    }

    fn open_quote(&mut self, letter: char, at: usize) {
        let Place { leaf, manner, .. } = self.places[at];
        self.put(letter, leaf);
        self.open.push(letter);
        let spaced = self.typed(at + 1).is_none_or(char::is_whitespace);
        if letter == '«' && manner == Manner::French && !spaced {
            self.put(NARROW, leaf);
        }
    }

    fn close_quote(&mut self, letter: char, leaf: usize, manner: Manner) {
        self.open.pop();
        if letter == '»' && manner == Manner::French {
            match self.letter() {
                Some(' ' | HARD) => self.tighten(),
                // After a dash, a space would make another dash of it.
                Some(last) if !last.is_whitespace() && last != '-' => self.put(NARROW, leaf),
                _ => {}
            }
        }
        self.put(letter, leaf);
    }

    fn straight_quote(&mut self, at: usize) {
        let Place { leaf, manner, .. } = self.places[at];
        let after = self.typed(at + 1);
        let opens = match self.letter() {
            None => true,
            Some(last) if last.is_whitespace() => {
                let ends = after.is_none_or(|next| next.is_whitespace() || (trails(next) && next != '"'));
                self.open.is_empty() || !ends
            }
            Some('(' | '[' | '{' | '“' | '‘' | '«' | '–' | '—' | '-' | '/') => true,
            Some('’') => self.open.is_empty() && manner == Manner::French,
            _ => false,
        };
        if opens {
            let outer = self.open.is_empty() && manner == Manner::French;
            self.open_quote(if outer { '«' } else { '“' }, at);
        } else if let Some(opened) = self.open.last() {
            let closing = if *opened == '«' { '»' } else { '”' };
            self.close_quote(closing, leaf, manner);
        } else {
            // Nothing to close: inches, or a slip of the author's that is not ours to hide.
            self.put('"', leaf);
        }
    }

    fn english_apostrophe(&mut self, at: usize) {
        let leaf = self.places[at].leaf;
        let begins = self.letter().is_none_or(|last| {
            last.is_whitespace() || matches!(last, '(' | '[' | '{' | '“' | '«' | '–' | '—' | '-' | '/')
        });
        let word: String = self.places[at + 1..]
            .iter()
            .map(|place| place.letter)
            .take_while(|letter| letter.is_alphanumeric())
            .take(8)
            .collect();
        let opens = begins
            && match self.typed(at + 1) {
                Some(OPAQUE) => true,
                Some(next) => {
                    next.is_alphabetic() && !ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided))
                }
                None => false,
            };
        self.put(if opens { '‘' } else { '’' }, leaf);
    }

    fn dash(&mut self, at: usize) -> usize {
        let leaf = self.places[at].leaf;
        let count = (at..).take_while(|place| self.free(*place) == Some('-')).count();
        let (before, after) = (self.letter(), self.typed(at + count));
        let spaced_after = after.is_some_and(char::is_whitespace);
        let between = |test: fn(char) -> bool| before.is_some_and(test) && after.is_some_and(test);
        let set = match count {
            1 if between(char::is_whitespace) => Some('–'),
            2 | 3 if between(|letter| letter.is_ascii_digit()) => Some('–'),
            2 | 3 if between(char::is_alphanumeric) => Some('—'),
            // At the very beginning it opens a line of dialogue.
            2 | 3 if before.is_none_or(char::is_whitespace) && spaced_after => Some('—'),
            _ => None,
        };
        match set {
            Some(dash) => self.put(dash, leaf),
            None => (0..count).for_each(|ahead| self.put('-', self.places[at + ahead].leaf)),
        }
        count
    }
}
