//! Questions to the DNS, each with whether DNSSEC proved the answer.

mod error;
mod resolver;

pub use error::NameError;
pub use resolver::{Answer, Exchangers, Resolver};
