//! Blocks: what Markdown opens and closes, and what our lines of colons do.

use super::Builder;
use crate::{
    forms::{BLOCKS, Inside},
    model::*,
    nearest::nearest,
    problem::ProblemKind,
    read::{
        MAX_BLOCKS, MAX_DEPTH,
        build::{self, Part},
        containers::{Container, ContainerKind},
        fence::{self, FenceFault, FenceLine},
    },
};

impl Builder<'_, '_> {
    pub(super) fn open(&mut self, kind: ContainerKind, at: usize) {
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

    pub(super) fn footnote(&mut self, label: &str, at: usize) {
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
    pub(super) fn in_flow(&self) -> bool {
        matches!(
            self.containers.last().map(|container| &container.kind),
            Some(ContainerKind::Root | ContainerKind::Fence { .. })
        )
    }

    /// Closes what Markdown opened.
    pub(super) fn close(&mut self) {
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

    pub(super) fn fence(&mut self, index: usize) {
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
    pub(super) fn close_fence(&mut self, colons: usize, at: usize) {
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

    pub(super) fn end_fence(&mut self, forgotten: bool) {
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

    pub(super) fn add(&mut self, part: Part, at: usize) {
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
}
