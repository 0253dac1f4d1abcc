//! An edition as people meet it: a page, a mail, a text, and the mail ready to be filled for each reader.
//!
//! - [`web`]: the article of the edition's page.
//! - [`mail`]: the whole HTML document of the mail, with slots.
//! - [`text`]: the same for those who read text, with slots.
//! - [`subject`] and [`preheader`]: the two lines an inbox shows.
//! - [`CompiledLetter`]: both bodies encoded once for all readers; filling copies and never parses.
//! - [`CompiledLetter::matches`]: whether a copy that came back is the letter, and where not.
//! - [`Look`] and [`look_css`], [`READING_CSS`]: colours that can be read, for the page and for the mail.
//!
//! Guarantees:
//! - No text of an author or a reader leaves the element or the attribute it stands in, and no address but http,
//!   https, mailto, tel and relative ones becomes a link.
//! - Typography is that of the edition's language, and code, addresses and readers' values are left alone.
//! - The same tree and setting give the same bytes.
//!
//! Not here: reading Markdown (crate `document`), headers of the message (crate `wire`), who gets the letter. It
//! knows no reader, no clock and no file.

mod address;
mod builder;
mod compiled;
mod escape;
mod look;
mod mail;
mod markup;
mod reading;
mod setting;
mod sheet;
mod subject;
mod template;
mod text;
mod typography;
mod web;

pub use compiled::{CompileError, CompiledLetter, Difference, Filled, Part, StoredLetterError};
pub use look::{LEAST_CONTRAST, Logo, Look, NotAColour, Palette, ReadingFont, Rgb, SANS};
pub use mail::mail;
pub use reading::{READING_CSS, look_css};
pub use setting::Setting;
pub use subject::{preheader, subject};
pub use template::{Escape, PersonalSlot, Piece, SlotUse, Template, Values};
pub use text::text;
pub use typography::{Manner, set_inlines, set_text};
pub use web::web;
