//! The text as it is read: one kind of line end, and places that a person can find.

use std::{borrow::Cow, collections::HashSet};

use crate::problem::{Problem, ProblemKind};

/// The problems shown at once. More would bury the first one, and it bounds the work on hostile text.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// The text with one kind of line end, without a byte order mark, and with the replacement character for NUL
/// (CommonMark 2.3).
pub(crate) fn cleaned(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains(['\r', '\0']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}"))
}

/// Problems as they are found, by byte offset.
pub(crate) struct Problems {
    found: Vec<(usize, ProblemKind)>,
    /// Footnotes that were asked for in the long form; whether they exist is known at the end.
    expected: Vec<(usize, String)>,
}

impl Problems {
    pub(crate) fn new() -> Self {
        Problems { found: Vec::new(), expected: Vec::new() }
    }

    pub(crate) fn add(&mut self, at: usize, kind: ProblemKind) {
        if !self.full() && !self.found.iter().any(|(place, known)| *place == at && *known == kind) {
            self.found.push((at, kind));
        }
    }

    pub(crate) fn expect_footnote(&mut self, at: usize, label: &str) {
        self.expected.push((at, label.to_owned()));
    }

    /// Reports the footnotes that were asked for and do not exist.
    pub(crate) fn settle_footnotes(&mut self, known: &HashSet<String>) {
        for (at, label) in std::mem::take(&mut self.expected) {
            if !known.contains(&label) {
                self.add(at, ProblemKind::UnknownFootnote { label });
            }
        }
    }

    pub(crate) fn full(&self) -> bool {
        self.found.len() >= MAX_PROBLEMS
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// In the order of the text, with lines and columns.
    pub(crate) fn placed(mut self, text: &str) -> Vec<Problem> {
        self.found.sort_by_key(|(at, _)| *at);
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.found
            .into_iter()
            .map(|(at, kind)| {
                let at = at.min(text.len());
                let line = starts.partition_point(|start| *start <= at);
                let column = text.get(starts[line - 1]..at).map_or(0, |before| before.chars().count()) + 1;
                Problem { line, column, kind }
            })
            .collect()
    }
}
