//! Markdown with our blocks → tree.
//!
//! 1. One kind of line end; the front matter ([`front`]).
//! 2. Lines that begin with `:::` are set aside, and a thematic break of the same length stands in for each: it ends
//!    whatever Markdown was in the middle of, as such a line must, and it keeps every place in the text.
//! 3. pulldown-cmark reads the whole in one pass ([`events`]); where it finds one of our breaks, the block opens or
//!    closes ([`fence`], [`build`]); where the break lies within code, the line was code.
//! 4. What is left as text is searched for slots and spans ([`weave`]).
//! 5. The tree is brought to its normal form.
//!
//! Each step takes time in proportion to the text. All problems are found in one reading.

pub(crate) mod build;
mod containers;
mod events;
pub(crate) mod fence;
mod front;
pub(crate) mod weave;

use crate::{
    Document, FORMAT, normal,
    problem::{Problem, ProblemKind},
    source::{Problems, cleaned},
    write,
};

/// Longest text in bytes: 1 MiB is a novel, an edition is a thousandth of it.
pub const MAX_TEXT: usize = 1 << 20;

/// Deepest nesting of blocks: nobody reads deeper, and mail programs break on it.
pub const MAX_DEPTH: usize = 16;

/// Deepest nesting of marks within a line.
pub const MAX_INLINE_DEPTH: usize = 16;

/// Most blocks in an edition, items and paragraphs included.
pub const MAX_BLOCKS: usize = 20_000;

/// Most markers of lists and quotations at the beginning of one line. Markdown's reader walks through all open ones
/// at each line; without a limit, a hostile text could make that its square.
const MAX_MARKERS: usize = 4 * MAX_DEPTH;

/// A text that is shorter than this cannot grow over [`MAX_TEXT`] when it is written again, whatever is escaped in it.
const NEVER_TOO_LONG: usize = MAX_TEXT / 32;

/// Reads an edition. On failure, every problem in the order of the text, at most a hundred.
pub fn read(markdown: &str) -> Result<Document, Vec<Problem>> {
    let mut problems = Problems::new();
    if markdown.len() > MAX_TEXT {
        problems.add(0, ProblemKind::TooLong { limit: MAX_TEXT });
        return Err(problems.placed(""));
    }
    let text = cleaned(markdown);
    let (front, body) = front::front(&text, &mut problems);
    if let Some(at) = too_deep(&text[body..]) {
        problems.add(body + at, ProblemKind::TooDeep { limit: MAX_DEPTH });
        return Err(problems.placed(&text));
    }
    let (masked, fences) = mask(&text, body);
    let blocks = events::blocks(&text, &masked, body, fences, &mut problems);
    if !problems.is_empty() {
        return Err(problems.placed(&text));
    }
    let document = normal::normalise(Document { format: FORMAT, front, blocks });
    if text.len() > NEVER_TOO_LONG && write::write(&document).len() > MAX_TEXT {
        problems.add(0, ProblemKind::TooLong { limit: MAX_TEXT });
        return Err(problems.placed(&text));
    }
    Ok(document)
}

/// The text with a thematic break in place of each line that begins with three colons, and where these lines are.
fn mask(text: &str, body: usize) -> (String, Vec<(usize, usize)>) {
    let mut masked = String::with_capacity(text.len());
    let mut fences = Vec::new();
    masked.push_str(&text[..body]);
    let mut at = body;
    for line in text[body..].split_inclusive('\n') {
        let length = line.trim_end_matches('\n').len();
        // What ends a comment must still end it: such a line is ours only when it makes sense as one.
        let ends_comment = line.contains("-->") && fence::fence_line(text, at, at + length).is_err();
        if line.starts_with(":::") && !ends_comment {
            fences.push((at, at + length));
            masked.push_str("***");
            masked.extend(std::iter::repeat_n(' ', length - 3));
            masked.push_str(&line[length..]);
        } else {
            masked.push_str(line);
        }
        at += line.len();
    }
    (masked, fences)
}

/// The first line with more markers than anybody's.
fn too_deep(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if markers(line).0 > MAX_MARKERS {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// How many markers of lists and quotations begin a line, and what follows them.
fn markers(line: &str) -> (usize, &str) {
    let mut count = 0;
    let mut rest = line;
    loop {
        let length = match rest.as_bytes() {
            [b' ' | b'\t', ..] => {
                rest = &rest[1..];
                continue;
            }
            [b'>', ..] => 1,
            [b'-' | b'+' | b'*', b' ' | b'\t', ..] => 2,
            bytes => {
                let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
                match bytes[digits..] {
                    [b'.' | b')', b' ' | b'\t', ..] if digits > 0 => digits + 2,
                    _ => return (count, rest),
                }
            }
        };
        count += 1;
        rest = &rest[length..];
    }
}
