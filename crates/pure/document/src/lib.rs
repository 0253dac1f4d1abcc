//! An edition as a typed tree of blocks, and Markdown as its lossless text form.
//!
//! - [`read`]: Markdown with our blocks → [`Document`], or every [`Problem`] at once with its place;
//! - [`write`]: the same way back; [`accept`] and [`normalise`] for trees from elsewhere;
//! - [`to_json`], [`from_json`]: the stored form, with a format number;
//! - [`visit`] and what is listed on the walk: [`words`], [`links`], [`images`], [`slots`], [`Document::headings`];
//! - [`BLOCKS`], [`SPANS`], [`FIELDS`]: the one table of what can be written; `docs/edition-language.md` explains it.
//!
//! Guaranteed: `read(write(tree)) == tree` for every tree in normal form, and `read(text)` is in normal form; both are
//! tested on arbitrary trees and on hostile text. Reading takes time in proportion to the text and refuses what is
//! larger than its limits.
//!
//! Not here: any rendering (crate `letter`), the look of addresses on the network, the meaning of a segment. A raw
//! tree from [`from_json`] is believed; one from a stranger goes through [`accept`].
//!
//! pulldown-cmark reads the Markdown; it has no way back, so the writer is our own. comrak has one, but builds in 41 s
//! instead of 2, and its directives refuse addresses.

mod forms;
mod json;
mod model;
mod nearest;
mod normal;
mod problem;
mod read;
mod slug;
mod source;
mod walk;
mod write;

pub use forms::{AttributeForm, BLOCKS, BlockForm, FIELDS, Inside, SPANS, SpanForm, ValueForm};
pub use json::{JsonError, accept, from_json, to_json};
pub use model::*;
pub use normal::normalise;
pub use problem::{Problem, ProblemKind, sentences};
pub use read::{MAX_BLOCKS, MAX_DEPTH, MAX_INLINE_DEPTH, MAX_TEXT, read, weave::line};
pub use slug::{MAX_SLUG, slug};
pub use walk::{Heading, Seen, images, links, plain_text, slots, visit, visit_inlines, words};
pub use write::write;
