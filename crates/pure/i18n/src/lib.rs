//! The words of the product in French and in English, and dates and numbers as each language writes them.
//!
//! - [`t`] and [`t_with`] look a message up in `locales/fr.ftl` or `locales/en.ftl` (Fluent syntax, embedded).
//! - [`date_long`], [`date_time`], [`number`] and their neighbours set what a message cannot.
//!
//! The two files always have the same keys with the same variables; a test says so. Messages are typed with an
//! ordinary keyboard: the apostrophe and the French narrow no-break spaces are put in when they are read.
//!
//! Not here: the typography of an author's text (crate `letter`), and the choice of a language for a person.

mod format;
mod language;
mod messages;
mod setting;

pub use format::{
    bytes, date_full, date_long, date_short, date_time, duration, month, number, percent, time,
};
pub use language::Language;
pub use messages::{Value, has, keys, t, t_with, variables};
