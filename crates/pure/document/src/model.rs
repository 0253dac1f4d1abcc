//! The typed tree of an edition. This tree is the truth; Markdown is its lossless text form.

mod block;
mod inline;
mod parts;

pub use block::*;
pub use inline::*;
pub use parts::*;
