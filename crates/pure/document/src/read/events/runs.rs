//! Runs of text, code and comments.

use std::ops::Range;

use pulldown_cmark::Event;

use super::Builder;
use crate::{
    forms::is_address,
    model::*,
    normal,
    problem::ProblemKind,
    read::{
        MAX_INLINE_DEPTH,
        build::Part,
        containers::{ContainerKind, Run, RunKind},
        weave::{Piece, weave},
    },
    walk::depth,
};

impl Builder<'_, '_> {
    pub(super) fn open_run(&mut self, kind: RunKind, at: usize) {
        if self.runs.len() > MAX_INLINE_DEPTH {
            self.problems.add(at, ProblemKind::TooDeep { limit: MAX_INLINE_DEPTH });
            self.stopped = true;
        }
        self.runs.push(Run::new(kind, at));
    }

    pub(super) fn words(&mut self, text: &str, range: Range<usize>) {
        // pulldown-cmark leaves the backslash out of every event; the character after it stands for itself.
        let escaped = range.start > self.covered && self.text.as_bytes()[range.start - 1] == b'\\';
        self.covered = range.end;
        let exact = self.text.get(range.clone()) == Some(text);
        let Some(run) = self.runs.last_mut() else { return };
        let (at, end) = (range.start, range.end);
        if !exact || matches!(run.kind, RunKind::Link { literal: true, .. }) {
            run.pieces.push(Piece::Literal { text: text.to_owned(), at, end });
        } else if let (true, Some(first)) = (escaped, text.chars().next()) {
            let after = at + first.len_utf8();
            run.pieces.push(Piece::Literal { text: first.to_string(), at, end: after });
            run.raw(after, end);
        } else {
            run.raw(at, end);
        }
    }

    pub(super) fn node(&mut self, inline: Inline, range: Range<usize>) {
        self.covered = range.end;
        if let Some(run) = self.runs.last_mut() {
            run.pieces.push(Piece::Node { inline, at: range.start, end: range.end });
        }
    }

    pub(super) fn within_image(&mut self, event: Event<'_>, range: Range<usize>) {
        self.covered = range.end.max(self.covered);
        let Some(run) = self.runs.last_mut() else { return };
        match event {
            Event::Start(_) => self.image_depth += 1,
            Event::End(_) => {
                self.image_depth -= 1;
                if self.image_depth == 0 {
                    self.covered = range.end;
                    self.close_run_at(range.end);
                }
            }
            Event::Text(text) | Event::Code(text) => run.words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => run.words.push(' '),
            Event::FootnoteReference(label) => {
                run.words.push_str("[^");
                run.words.push_str(&label);
                run.words.push(']');
            }
            Event::InlineHtml(html) => self.html(&html, range),
            _ => {}
        }
    }

    pub(super) fn close_run(&mut self) {
        self.close_run_at(self.covered);
    }

    pub(super) fn close_run_at(&mut self, end: usize) {
        let Some(run) = self.runs.pop() else { return };
        let at = run.at;
        let content = weave(self.text, run.pieces, self.problems);
        let content = match run.kind {
            RunKind::Paragraph { .. } => normal::paragraph(content),
            RunKind::Heading { .. } | RunKind::Cell => normal::single_line(content),
            _ => content,
        };
        let inline = match run.kind {
            RunKind::Paragraph { .. } | RunKind::Heading { .. } | RunKind::Cell => {
                if depth(&content) > MAX_INLINE_DEPTH {
                    self.problems.add(at, ProblemKind::TooDeep { limit: MAX_INLINE_DEPTH });
                }
                return self.line(run.kind, content, at);
            }
            RunKind::Emphasis => Inline::Emphasis { content },
            RunKind::Strong => Inline::Strong { content },
            RunKind::Strikethrough => Inline::Strikethrough { content },
            RunKind::Link { href, title, .. } => {
                if content.is_empty() {
                    self.problems.add(at, ProblemKind::EmptyLink);
                }
                self.address(&href, at);
                Inline::Link { href, title: said(title), content }
            }
            RunKind::Image { src, title } => {
                if run.words.is_empty() {
                    self.problems.add(at, ProblemKind::MissingAlt);
                }
                self.address(&src, at);
                Inline::Image { src, alt: run.words, title: said(title) }
            }
        };
        self.node(inline, at..end);
    }

    /// Closes a run that is a block or a cell.
    pub(super) fn line(&mut self, kind: RunKind, content: Vec<Inline>, at: usize) {
        match kind {
            RunKind::Heading { level } => self.add(Part::Block(Block::Heading { level, content }), at),
            RunKind::Cell => {
                if let Some(table) = &mut self.table {
                    table.row.push(content);
                }
            }
            RunKind::Paragraph { implied } => {
                if !implied {
                    self.loosen();
                }
                if !content.is_empty() {
                    self.add(Part::Block(Block::Paragraph { content }), at);
                }
            }
            _ => {}
        }
    }

    /// A paragraph of its own directly within an item makes the list a loose one.
    pub(super) fn loosen(&mut self) {
        if let [.., list, item] = self.containers.as_mut_slice()
            && matches!(item.kind, ContainerKind::Item { .. })
            && let ContainerKind::List { tight, .. } = &mut list.kind
        {
            *tight = false;
        }
    }

    pub(super) fn address(&mut self, href: &str, at: usize) {
        if !is_address(href) {
            self.problems.add(at, ProblemKind::BadAddress { value: href.to_owned() });
        }
    }

    pub(super) fn html(&mut self, html: &str, range: Range<usize>) {
        self.covered = range.end;
        if html.starts_with("<!--") {
            self.problems.add(range.start, ProblemKind::CommentInLine);
        } else if !html.starts_with("</") || self.problems.is_empty() {
            self.problems.add(range.start, ProblemKind::Html { tag: tag_name(html) });
        }
    }

    /// Lines of colons within code or a comment are lines of it.
    pub(super) fn meet(&mut self, range: &Range<usize>) {
        let from = self.fences.partition_point(|(start, _)| *start < range.start);
        let to = self.fences.partition_point(|(start, _)| *start < range.end);
        self.seen[from..to].fill(true);
    }

    pub(super) fn verbatim(&mut self, text: &str, range: Range<usize>) {
        self.covered = range.end;
        let masked = self.masked.get(range.clone()) == Some(text);
        if let Some((_, whole, _)) = &mut self.verbatim {
            whole.push_str(if masked { &self.text[range] } else { text });
        }
    }

    /// An HTML block: comments, or a fault.
    pub(super) fn comments(&mut self, html: &str, at: usize) {
        let mut rest = html.trim();
        while !rest.is_empty() {
            let Some(inside) = rest.strip_prefix("<!--") else {
                return self.problems.add(at, ProblemKind::Html { tag: tag_name(rest) });
            };
            let Some((text, after)) = inside.split_once("-->") else {
                return self.problems.add(at, ProblemKind::CommentNotClosed);
            };
            self.add(Part::Block(Block::Comment { text: normal::comment(text) }), at);
            rest = after.trim_start();
        }
    }
}

fn said(value: String) -> Option<String> {
    (!value.is_empty()).then_some(value)
}

/// The name of the first element of some HTML.
fn tag_name(html: &str) -> String {
    html.trim_start_matches(['<', '/', '!', '?'])
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
        .take(30)
        .collect::<String>()
        .to_ascii_lowercase()
}
