//! Follows pulldown-cmark through the text and builds the blocks.

mod flow;
mod runs;

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{
    model::*,
    problem::ProblemKind,
    read::{
        build::{self, Part},
        containers::{Container, ContainerKind, OpenTable, Run, RunKind, is_inline},
    },
    source::Problems,
};

/// Reads the blocks of `text` from `body` on; `masked` is the same text with breaks in place of `fences`.
pub(crate) fn blocks(
    text: &str,
    masked: &str,
    body: usize,
    fences: Vec<(usize, usize)>,
    problems: &mut Problems,
) -> Vec<Block> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut builder = Builder {
        text,
        masked,
        seen: vec![false; fences.len()],
        fences,
        containers: vec![Container { kind: ContainerKind::Root, at: body, parts: Vec::new() }],
        runs: Vec::new(),
        verbatim: None,
        table: None,
        image_depth: 0,
        covered: body,
        blocks: 0,
        footnotes: HashSet::new(),
        problems,
        stopped: false,
    };
    for (event, range) in Parser::new_ext(&masked[body..], options).into_offset_iter() {
        builder.event(event, range.start + body..range.end + body);
        if builder.stopped || builder.problems.full() {
            return Vec::new();
        }
    }
    builder.finish()
}

struct Builder<'t, 'p> {
    text: &'t str,
    masked: &'t str,
    fences: Vec<(usize, usize)>,
    /// Which of the fences were met: as a block, or as a line of code.
    seen: Vec<bool>,
    containers: Vec<Container>,
    runs: Vec<Run>,
    /// The code block or HTML block that is open: language of code, text, place.
    verbatim: Option<(Option<String>, String, usize)>,
    table: Option<OpenTable>,
    /// Marks that are open within the words of a picture.
    image_depth: usize,
    /// Everything before this offset was in an event.
    covered: usize,
    blocks: usize,
    footnotes: HashSet<String>,
    problems: &'p mut Problems,
    /// A limit was passed: nothing more is read.
    stopped: bool,
}

impl Builder<'_, '_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.image_depth > 0 {
            return self.within_image(event, range);
        }
        if is_inline(&event) {
            if self.runs.is_empty() && self.verbatim.is_none() {
                self.open_run(RunKind::Paragraph { implied: true }, range.start);
            }
        } else if matches!(self.runs.last(), Some(Run { kind: RunKind::Paragraph { implied: true }, .. })) {
            self.close_run();
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.verbatim.is_some() => self.verbatim(&text, range),
            Event::Text(text) => self.words(&text, range),
            Event::Html(html) => self.verbatim(&html, range),
            Event::Code(code) => self.node(Inline::Code { text: code.into_string() }, range),
            Event::InlineHtml(html) => self.html(&html, range),
            Event::FootnoteReference(label) => {
                self.node(Inline::FootnoteReference { label: label.to_lowercase() }, range);
            }
            Event::SoftBreak => self.node(Inline::SoftBreak, range),
            Event::HardBreak => self.node(Inline::HardBreak, range),
            Event::Rule => match self.fences.binary_search_by_key(&range.start, |(start, _)| *start) {
                Ok(index) => self.fence(index),
                Err(_) => self.add(Part::Block(Block::Divider), range.start),
            },
            Event::TaskListMarker(ticked) => {
                let item = self.containers.iter_mut().rev().find_map(|container| match &mut container.kind {
                    ContainerKind::Item { checked } => Some(checked),
                    _ => None,
                });
                if let Some(checked) = item {
                    *checked = Some(ticked);
                }
                self.covered = range.end;
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let at = range.start;
        match tag {
            Tag::Paragraph => self.open_run(RunKind::Paragraph { implied: false }, at),
            Tag::Heading { level, .. } => self.open_run(RunKind::Heading { level: level as u8 }, at),
            Tag::BlockQuote(_) => self.open(ContainerKind::Quote, at),
            Tag::List(start) => {
                self.open(ContainerKind::List { start, tight: true, items: Vec::new() }, at);
            }
            Tag::Item => self.open(ContainerKind::Item { checked: None }, at),
            Tag::FootnoteDefinition(label) => self.footnote(&label, at),
            Tag::CodeBlock(kind) => {
                self.meet(&range);
                let language = match kind {
                    CodeBlockKind::Fenced(words) => words.split_whitespace().next().map(str::to_owned),
                    CodeBlockKind::Indented => None,
                };
                self.verbatim = Some((language, String::new(), at));
            }
            Tag::HtmlBlock => {
                self.meet(&range);
                self.verbatim = Some((None, String::new(), at));
            }
            Tag::Table(alignments) => {
                let alignments = alignments.into_iter().map(alignment).collect();
                self.table =
                    Some(OpenTable { at, alignments, head: None, rows: Vec::new(), row: Vec::new() });
            }
            Tag::TableCell => self.open_run(RunKind::Cell, at),
            Tag::Emphasis => self.open_run(RunKind::Emphasis, at),
            Tag::Strong => self.open_run(RunKind::Strong, at),
            Tag::Strikethrough => self.open_run(RunKind::Strikethrough, at),
            Tag::Link { link_type, dest_url, title, .. } => {
                let href = if link_type == LinkType::Email {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.into_string()
                };
                let literal = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.open_run(RunKind::Link { href, title: title.into_string(), literal }, at);
            }
            Tag::Image { dest_url, title, .. } => {
                let (src, title) = (dest_url.into_string(), title.into_string());
                self.open_run(RunKind::Image { src, title }, at);
                self.image_depth = 1;
            }
            // Not switched on, or without an effect of their own.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::TableCell
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link => self.close_run(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.close()
            }
            TagEnd::CodeBlock => {
                if let Some((language, mut text, at)) = self.verbatim.take() {
                    if text.ends_with('\n') {
                        text.pop();
                    }
                    self.add(Part::Block(Block::Code { language, text }), at);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some((_, html, at)) = self.verbatim.take() {
                    self.comments(&html, at);
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.head = Some(std::mem::take(&mut table.row));
                }
            }
            TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    let row = std::mem::take(&mut table.row);
                    table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some(OpenTable { at, alignments, head, rows, .. }) = self.table.take() {
                    let head = head.unwrap_or_default();
                    self.add(Part::Block(Block::Table(Table { alignments, head, rows })), at);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while self.containers.len() > 1 {
            self.end_fence(true);
        }
        for (index, (start, _)) in self.fences.iter().enumerate() {
            if !self.seen[index] {
                self.problems.add(*start, ProblemKind::Indented);
            }
        }
        self.problems.settle_footnotes(&self.footnotes);
        self.containers.pop().map(|root| build::plain(root.parts)).unwrap_or_default()
    }
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}
