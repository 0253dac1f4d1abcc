//! Follows pulldown-cmark through the text and builds the blocks.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{
    forms::{BLOCKS, Inside, is_address},
    model::*,
    nearest::nearest,
    normal,
    problem::ProblemKind,
    read::{
        MAX_BLOCKS, MAX_DEPTH, MAX_INLINE_DEPTH,
        build::{self, Part},
        containers::{Container, ContainerKind, OpenTable, Run, RunKind, is_inline},
        fence::{self, FenceFault, FenceLine},
        weave::{Piece, weave},
    },
    source::Problems,
    walk::depth,
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

    // --- text ---

    fn open_run(&mut self, kind: RunKind, at: usize) {
        if self.runs.len() > MAX_INLINE_DEPTH {
            self.problems.add(at, ProblemKind::TooDeep { limit: MAX_INLINE_DEPTH });
            self.stopped = true;
        }
        self.runs.push(Run::new(kind, at));
    }

    fn words(&mut self, text: &str, range: Range<usize>) {
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

    fn node(&mut self, inline: Inline, range: Range<usize>) {
        self.covered = range.end;
        if let Some(run) = self.runs.last_mut() {
            run.pieces.push(Piece::Node { inline, at: range.start, end: range.end });
        }
    }

    fn within_image(&mut self, event: Event<'_>, range: Range<usize>) {
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

    fn close_run(&mut self) {
        self.close_run_at(self.covered);
    }

    fn close_run_at(&mut self, end: usize) {
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
    fn line(&mut self, kind: RunKind, content: Vec<Inline>, at: usize) {
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
    fn loosen(&mut self) {
        if let [.., list, item] = self.containers.as_mut_slice()
            && matches!(item.kind, ContainerKind::Item { .. })
            && let ContainerKind::List { tight, .. } = &mut list.kind
        {
            *tight = false;
        }
    }

    fn address(&mut self, href: &str, at: usize) {
        if !is_address(href) {
            self.problems.add(at, ProblemKind::BadAddress { value: href.to_owned() });
        }
    }

    fn html(&mut self, html: &str, range: Range<usize>) {
        self.covered = range.end;
        if html.starts_with("<!--") {
            self.problems.add(range.start, ProblemKind::CommentInLine);
        } else if !html.starts_with("</") || self.problems.is_empty() {
            self.problems.add(range.start, ProblemKind::Html { tag: tag_name(html) });
        }
    }

    // --- code and comments ---

    /// Lines of colons within code or a comment are lines of it.
    fn meet(&mut self, range: &Range<usize>) {
        let from = self.fences.partition_point(|(start, _)| *start < range.start);
        let to = self.fences.partition_point(|(start, _)| *start < range.end);
        self.seen[from..to].fill(true);
    }

    fn verbatim(&mut self, text: &str, range: Range<usize>) {
        self.covered = range.end;
        let masked = self.masked.get(range.clone()) == Some(text);
        if let Some((_, whole, _)) = &mut self.verbatim {
            whole.push_str(if masked { &self.text[range] } else { text });
        }
    }

    /// An HTML block: comments, or a fault.
    fn comments(&mut self, html: &str, at: usize) {
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

    // --- blocks ---

    fn open(&mut self, kind: ContainerKind, at: usize) {
        self.containers.push(Container { kind, at, parts: Vec::new() });
        let deep = self.containers.iter().filter(|container| match &container.kind {
            ContainerKind::Root | ContainerKind::Item { .. } => false,
            // A block of words is not deeper than the paragraph it stands for.
            ContainerKind::Fence { form, .. } => {
                form.is_none_or(|form| matches!(form.inside, Inside::Blocks | Inside::Only(_)))
            }
            _ => true,
        });
        if deep.count() > MAX_DEPTH {
            self.problems.add(at, ProblemKind::TooDeep { limit: MAX_DEPTH });
            self.stopped = true;
        }
    }

    fn footnote(&mut self, label: &str, at: usize) {
        let label = label.to_lowercase();
        if !self.in_flow() {
            self.problems.add(at, ProblemKind::MisplacedFootnote { label: label.clone() });
        } else if label.len() > 64
            || !label.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
        {
            self.problems.add(at, ProblemKind::BadFootnote { label: label.clone() });
        } else if !self.footnotes.insert(label.clone()) {
            self.problems.add(at, ProblemKind::RepeatedFootnote { label: label.clone() });
        }
        self.open(ContainerKind::Footnote { label }, at);
    }

    /// Whether our blocks can stand here.
    fn in_flow(&self) -> bool {
        matches!(
            self.containers.last().map(|container| &container.kind),
            Some(ContainerKind::Root | ContainerKind::Fence { .. })
        )
    }

    /// Closes what Markdown opened.
    fn close(&mut self) {
        if self.in_flow() {
            return;
        }
        let Some(Container { kind, at, parts }) = self.containers.pop() else { return };
        let blocks = build::plain(parts);
        let block = match kind {
            ContainerKind::Item { checked } => {
                if let Some(Container { kind: ContainerKind::List { items, .. }, .. }) =
                    self.containers.last_mut()
                {
                    items.push(Item { checked, blocks });
                }
                return;
            }
            ContainerKind::List { start, tight, items } => Block::List(List { start, tight, items }),
            ContainerKind::Footnote { label } => Block::Footnote { label, blocks },
            _ => Block::Blockquote { blocks },
        };
        self.add(Part::Block(block), at);
    }

    fn fence(&mut self, index: usize) {
        let (start, end) = self.fences[index];
        self.seen[index] = true;
        self.covered = end;
        if !self.in_flow() {
            return self.problems.add(start, ProblemKind::Indented);
        }
        match fence::fence_line(self.text, start, end) {
            Ok(FenceLine::Open { colons, name, name_at, attributes }) => {
                let form = BLOCKS.iter().find(|form| form.name == name);
                let values = match form {
                    Some(form) => {
                        build::checked(form.name, name_at, form.attributes, attributes, self.problems)
                    }
                    None => {
                        let nearest = nearest(&name, BLOCKS.iter().map(|form| form.name));
                        self.problems.add(name_at, ProblemKind::UnknownBlock { name: name.clone(), nearest });
                        None
                    }
                };
                self.open(ContainerKind::Fence { name, form, values, colons }, start);
            }
            Ok(FenceLine::Close { colons }) => self.close_fence(colons, start),
            Err(FenceFault::Name(at)) => self.problems.add(at, ProblemKind::BadFence),
            Err(FenceFault::Attributes(at)) => {
                self.problems.add(at, ProblemKind::AttributeSyntax);
                // The name may still be right: its end is then not a second fault.
                let colons = self.text[start..end].bytes().take_while(|byte| *byte == b':').count();
                let kind = ContainerKind::Fence { name: String::new(), form: None, values: None, colons };
                self.open(kind, start);
            }
        }
    }

    /// Closes the innermost block of as many colons; those within it were forgotten.
    fn close_fence(&mut self, colons: usize, at: usize) {
        let open = self.containers.iter().rposition(
            |container| matches!(&container.kind, ContainerKind::Fence { colons: own, .. } if *own == colons),
        );
        let Some(open) = open else {
            return self.problems.add(at, ProblemKind::NothingToClose);
        };
        while self.containers.len() > open {
            let forgotten = self.containers.len() > open + 1;
            self.end_fence(forgotten);
        }
    }

    fn end_fence(&mut self, forgotten: bool) {
        let Some(Container { kind, at, parts }) = self.containers.pop() else { return };
        let ContainerKind::Fence { name, form, values, colons } = kind else { return };
        if forgotten {
            return self.problems.add(at, ProblemKind::NotClosed { name, colons });
        }
        let (Some(form), Some(values)) = (form, values) else { return };
        if let Some(part) = build::block(form, at, &values, parts, self.problems) {
            self.add(part, at);
        }
    }

    fn add(&mut self, part: Part, at: usize) {
        self.blocks += 1;
        if self.blocks > MAX_BLOCKS {
            self.problems.add(at, ProblemKind::TooManyBlocks { limit: MAX_BLOCKS });
            self.stopped = true;
        }
        let Some(parent) = self.containers.last_mut() else { return };
        let (only, parent_name) = match &parent.kind {
            // Its name is a fault already; what belongs in it is unknown.
            ContainerKind::Fence { form: None, .. } => return,
            ContainerKind::Fence { form: Some(form), .. } => match form.inside {
                Inside::Only(child) => (Some(child), form.name),
                _ => (None, form.name),
            },
            _ => (None, "edition"),
        };
        let name = match &part {
            Part::Column(_) => "column",
            Part::Person(_) => "person",
            Part::Block(block) => block.name(),
        };
        match only {
            Some(child) if child != name => {
                let (name, child) = (parent_name.to_owned(), child.to_owned());
                self.problems.add(at, ProblemKind::WrongInside { name, child });
            }
            None if !matches!(part, Part::Block(_)) => {
                let parent = if name == "column" { "columns" } else { "people" };
                self.problems
                    .add(at, ProblemKind::WrongPlace { name: name.to_owned(), parent: parent.to_owned() });
            }
            _ => parent.parts.push((part, at)),
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

fn said(value: String) -> Option<String> {
    (!value.is_empty()).then_some(value)
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
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
