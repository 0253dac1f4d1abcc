//! An edition as a typed tree of blocks, and Markdown as its lossless text form.

mod model;

pub use model::*;
