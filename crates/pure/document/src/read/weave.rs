//! Slots and spans, found in what Markdown left as text.
//!
//! pulldown-cmark decides first what is code, a link or an emphasis; what it hands over as text, with its place in
//! the source, is searched here for `{slot|fallback}` and `:span[…]{…}`. A character that was escaped or written as
//! an entity is a [`Piece::Literal`] and never opens anything. One pass, so the time is linear in the text.

use crate::{
    Inline, Slot,
    forms::SPANS,
    nearest::nearest,
    normal,
    problem::ProblemKind,
    read::{MAX_INLINE_DEPTH, build, fence, markers},
    source::Problems,
};

/// What stands in a run of text, in order, with byte offsets.
pub(crate) enum Piece {
    /// Text exactly as in the source.
    Raw { at: usize, end: usize },
    /// Text that stands for itself.
    Literal { text: String, at: usize, end: usize },
    /// Something Markdown understood.
    Node { inline: Inline, at: usize, end: usize },
}

impl Piece {
    fn end(&self) -> usize {
        match self {
            Piece::Raw { end, .. } | Piece::Literal { end, .. } | Piece::Node { end, .. } => *end,
        }
    }
}

/// The text of a run with its slots and spans.
pub(crate) fn weave(text: &str, pieces: Vec<Piece>, problems: &mut Problems) -> Vec<Inline> {
    let limit = pieces.iter().map(Piece::end).max().unwrap_or(0);
    let mut loom = Loom { text, limit, levels: vec![Level::default()], skip: 0, open_until: 0, problems };
    for piece in pieces {
        match piece {
            Piece::Raw { at, end } => loom.raw(at, end),
            Piece::Literal { text, at, end } => {
                if !loom.skipped(at, end) {
                    loom.top().text(&text);
                }
            }
            Piece::Node { inline, at, end } => {
                if !loom.skipped(at, end) {
                    loom.top().content.push(inline);
                }
            }
        }
    }
    loom.finish()
}

#[derive(Default)]
struct Level {
    /// Name of the span and the place of its colon; the lowest level has none.
    open: Option<(String, usize)>,
    content: Vec<Inline>,
    /// Brackets of plain text that are still open.
    brackets: usize,
}

impl Level {
    fn text(&mut self, text: &str) {
        match self.content.last_mut() {
            Some(Inline::Text { text: last }) => last.push_str(text),
            _ => self.content.push(Inline::Text { text: text.to_owned() }),
        }
    }
}

struct Loom<'t, 'p> {
    text: &'t str,
    limit: usize,
    levels: Vec<Level>,
    /// Everything before this offset belongs to a slot or to attributes.
    skip: usize,
    /// A slot without its brace was looked for up to here: no need to look again.
    open_until: usize,
    problems: &'p mut Problems,
}

impl Loom<'_, '_> {
    fn top(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// Whether a piece was read as part of a slot; a piece that is cut in two is a fault.
    fn skipped(&mut self, at: usize, end: usize) -> bool {
        if at < self.skip && end > self.skip {
            self.problems.add(at, ProblemKind::Crossed);
        }
        at < self.skip
    }

    fn raw(&mut self, start: usize, end: usize) {
        let mut at = start.max(self.skip);
        while at < end && !self.problems.full() {
            let rest = &self.text[at..end];
            let plain = rest.find(['{', ':', '[', ']']).unwrap_or(rest.len());
            if plain > 0 {
                let plain = &self.text[at..at + plain];
                self.top().text(plain);
                at += plain.len();
                continue;
            }
            at = match rest.as_bytes()[0] {
                b'{' => self.slot(at),
                b':' => self.colon(at, end),
                b'[' => self.bracket(at, end),
                _ => self.close(at, end),
            };
        }
    }

    fn literal(&mut self, at: usize) -> usize {
        let letter = &self.text[at..at + 1];
        self.top().text(letter);
        at + 1
    }

    fn slot(&mut self, at: usize) -> usize {
        if at < self.open_until {
            return self.literal(at);
        }
        match slot_at(self.text, at, self.limit) {
            Ok((inline, after)) => {
                self.top().content.push(inline);
                self.skip = after;
                after
            }
            Err((kind, looked)) => {
                self.open_until = looked;
                self.problems.add(at, kind);
                self.literal(at)
            }
        }
    }

    fn colon(&mut self, at: usize, end: usize) -> usize {
        let name = fence::word(self.text, at + 1, end);
        let after = at + 1 + name.len();
        if name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && self.text[after..end].starts_with('[')
        {
            if self.levels.len() > MAX_INLINE_DEPTH {
                self.problems.add(at, ProblemKind::TooDeep { limit: MAX_INLINE_DEPTH });
            }
            let open = Some((name.to_owned(), at));
            self.levels.push(Level { open, ..Level::default() });
            return after + 1;
        }
        let line_start = self.text[..at].rfind('\n').map_or(0, |line| line + 1);
        if self.text[at..end].starts_with(":::") {
            // Blocks were read before: what is left stands in a list, in a quotation or after blanks.
            if markers(&self.text[line_start..at]).1.is_empty() {
                self.problems.add(at, ProblemKind::Indented);
            }
            let colons = self.text[at..end].bytes().take_while(|byte| *byte == b':').count();
            let run = &self.text[at..at + colons];
            // The last colon may open a span.
            self.top().text(&run[..colons - 1]);
            return at + colons - 1;
        }
        self.literal(at)
    }

    fn bracket(&mut self, at: usize, end: usize) -> usize {
        if self.text[at..end].starts_with("[^")
            && let Some(close) = self.text[at..end].find(']')
            && close > 2
        {
            let label = self.text[at + 2..at + close].to_owned();
            self.problems.add(at, ProblemKind::UnknownFootnote { label });
        }
        self.top().brackets += 1;
        self.literal(at)
    }

    fn close(&mut self, at: usize, end: usize) -> usize {
        let top = self.top();
        if top.brackets > 0 || top.open.is_none() {
            top.brackets = top.brackets.saturating_sub(1);
            return self.literal(at);
        }
        let mut after = at + 1;
        let mut given = Vec::new();
        if self.text[after..end].starts_with('{') {
            let line_end = self.text[after..self.limit].find('\n').map_or(self.limit, |line| after + line);
            match fence::attributes_at(self.text, after, line_end) {
                Ok((attributes, end)) => (given, after) = (attributes, end),
                Err(place) => {
                    self.problems.add(place.min(line_end), ProblemKind::AttributeSyntax);
                    // What follows the bracket is not text either.
                    after += 1;
                }
            }
        }
        self.skip = self.skip.max(after);
        let level = self.levels.pop().unwrap_or_default();
        let content = normal::inlines(level.content);
        if let Some((name, place)) = level.open
            && let Some(inline) = self.span(&name, place, given, content)
        {
            self.top().content.push(inline);
        }
        after
    }

    fn span(
        &mut self,
        name: &str,
        at: usize,
        given: Vec<fence::Given>,
        content: Vec<Inline>,
    ) -> Option<Inline> {
        let Some(form) = SPANS.iter().find(|form| form.name == name) else {
            let nearest = nearest(name, SPANS.iter().map(|form| form.name));
            self.problems.add(at, ProblemKind::UnknownSpan { name: name.to_owned(), nearest });
            return None;
        };
        let values = build::checked(form.name, at, form.attributes, given, self.problems)?;
        let inline = build::span(form.name, &values, content);
        if let Inline::FootnoteReference { label } = &inline {
            self.problems.expect_footnote(at, label);
        }
        Some(inline)
    }

    fn finish(mut self) -> Vec<Inline> {
        while self.levels.len() > 1 {
            let level = self.levels.pop().unwrap_or_default();
            if let Some((name, at)) = level.open {
                self.problems.add(at, ProblemKind::SpanNotClosed { name });
            }
            self.top().content.extend(level.content);
        }
        let content = std::mem::take(&mut self.top().content);
        normal::inlines(content)
    }
}

/// Reads `{name}` or `{name|fallback}` from the brace at `at`; returns the offset after it, or the fault and how far
/// it was looked for.
fn slot_at(text: &str, at: usize, end: usize) -> Result<(Inline, usize), (ProblemKind, usize)> {
    let blanks = |at: usize| at + text[at..end].bytes().take_while(|byte| *byte == b' ').count();
    let start = blanks(at + 1);
    let name = fence::word(text, start, end);
    if name.is_empty() {
        return Err((ProblemKind::BadSlot, at + 1));
    }
    let mut place = blanks(start + name.len());
    // In a table the bar is escaped, or it would end the cell.
    if text[place..end].starts_with("\\|") {
        place += 1;
    }
    let fallback = match text[place..end].bytes().next() {
        Some(b'}') => None,
        Some(b'|') => {
            let (fallback, closed) =
                fallback_at(text, place + 1, end).map_err(|looked| (ProblemKind::BadSlot, looked))?;
            place = closed;
            Some(fallback)
        }
        _ => return Err((ProblemKind::BadSlot, at + 1)),
    };
    match Slot::ALL.into_iter().find(|slot| slot.name() == name) {
        Some(slot) => Ok((Inline::Slot { slot, fallback }, place + 1)),
        None => {
            let nearest = nearest(name, Slot::ALL.iter().map(|slot| slot.name()));
            Err((ProblemKind::UnknownSlot { name: name.to_owned(), nearest }, place))
        }
    }
}

fn fallback_at(text: &str, start: usize, end: usize) -> Result<(String, usize), usize> {
    let mut fallback = String::new();
    let mut letters = text[start..end].char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '}' => return Ok((normal::fallback(&fallback), start + at)),
            '\n' => return Err(start + at),
            '\\' => match letters.next_if(|(_, next)| next.is_ascii_punctuation()) {
                Some((_, next)) => fallback.push(next),
                None => fallback.push('\\'),
            },
            _ => fallback.push(letter),
        }
    }
    Err(end)
}

/// A line of plain text with slots, such as a subject: text and [`Inline::Slot`]s only. `\{` is a brace.
/// What is not a slot stays as it is written.
pub fn line(text: &str) -> Vec<Inline> {
    let mut level = Level::default();
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '\\']) {
        level.text(&text[at..at + next]);
        at += next;
        if text[at..].starts_with("\\{") || text[at..].starts_with("\\\\") {
            level.text(&text[at + 1..at + 2]);
            at += 2;
            continue;
        }
        match slot_at(text, at, text.len()) {
            Ok((inline, after)) if text[at..].starts_with('{') => {
                level.content.push(inline);
                at = after;
            }
            _ => {
                level.text(&text[at..at + 1]);
                at += 1;
            }
        }
    }
    level.text(&text[at..]);
    normal::inlines(level.content)
}

/// The first fault of the slots of a subject.
pub(crate) fn subject_faults(text: &str) -> Option<ProblemKind> {
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '\\']) {
        at += next;
        if text[at..].starts_with('\\') {
            at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        }
        match slot_at(text, at, text.len()) {
            Ok((_, after)) => at = after,
            Err((kind, _)) => return Some(kind),
        }
    }
    None
}
