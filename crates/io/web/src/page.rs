//! The three layouts, each around a body that is already HTML: a public page in a publication's dress, a page of the
//! desk, and a plain one for signing in, for a reader's own pages and for what goes wrong.

mod desk;
mod pieces;
mod plain;
mod reading;

pub use desk::DeskPage;
pub use pieces::{EmptyState, Pages};
pub use plain::PlainPage;
pub use reading::{Dress, Link, Logo, ReadingPage};

#[cfg(test)]
mod tests;
