//! Putting a template together piece by piece.

use crate::escape::push_html;
use crate::template::{Escape, PersonalSlot, Piece, SlotUse, Template};

/// A template that grows.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pieces: Vec<Piece>,
    /// The pieces around each open segment, outermost first.
    around: Vec<(usize, Vec<Piece>)>,
    segments: Vec<String>,
}

impl Builder {
    /// Appends to the run, as it is.
    pub(crate) fn push(&mut self, text: &str) {
        self.run().push_str(text);
    }

    /// Appends words, made harmless for HTML.
    pub(crate) fn words(&mut self, text: &str) {
        push_html(text, self.run());
    }

    /// Appends ` name="value"`.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let run = self.run();
        run.push(' ');
        run.push_str(name);
        run.push_str("=\"");
        push_html(value, run);
        run.push('"');
    }

    /// Appends a slot. A space before it becomes its lead: it goes with an absent value.
    pub(crate) fn slot(&mut self, slot: PersonalSlot, fallback: Option<&str>, escape: Escape) {
        let lead = match self.pieces.last_mut() {
            Some(Piece::Run(run)) if run.ends_with(' ') => {
                run.pop();
                " "
            }
            _ => "",
        };
        self.slot_led(slot, fallback, escape, lead);
    }

    /// Appends a slot with a given lead.
    pub(crate) fn slot_led(
        &mut self,
        slot: PersonalSlot,
        fallback: Option<&str>,
        escape: Escape,
        lead: &str,
    ) {
        let fallback = fallback.map(str::to_owned);
        self.pieces.push(Piece::Slot(SlotUse { slot, fallback, escape, lead: lead.to_owned() }));
    }

    /// What follows, up to `close_segment`, is for the readers of a segment.
    pub(crate) fn open_segment(&mut self, name: &str) {
        let segment = self.segments.iter().position(|known| known == name).unwrap_or_else(|| {
            self.segments.push(name.to_owned());
            self.segments.len() - 1
        });
        self.around.push((segment, std::mem::take(&mut self.pieces)));
    }

    /// Ends the innermost open segment.
    pub(crate) fn close_segment(&mut self) {
        if let Some((segment, around)) = self.around.pop() {
            let pieces = std::mem::replace(&mut self.pieces, around);
            if !pieces.is_empty() {
                self.pieces.push(Piece::Only { segment, pieces });
            }
        }
    }

    /// The template.
    pub(crate) fn finish(mut self) -> Template {
        while !self.around.is_empty() {
            self.close_segment();
        }
        self.pieces.retain(|piece| !matches!(piece, Piece::Run(run) if run.is_empty()));
        Template::new(self.pieces, self.segments)
    }

    fn run(&mut self) -> &mut String {
        if !matches!(self.pieces.last(), Some(Piece::Run(_))) {
            self.pieces.push(Piece::Run(String::new()));
        }
        match self.pieces.last_mut() {
            Some(Piece::Run(run)) => run,
            _ => unreachable!("a run was pushed just above"),
        }
    }
}
