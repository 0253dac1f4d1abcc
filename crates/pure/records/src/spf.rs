//! SPF: which machines may send in the name of a domain (RFC 7208).
//!
//! [`parse`] reads one record. [`evaluate`] is `check_host()` of section 4 as a function of the answers that are
//! known so far: it either ends, or names the question whose answer is missing. Whoever has a resolver asks it,
//! adds the answer and calls again; that costs at most some tens of questions (4.6.4).

mod evaluate;
mod macros;
mod question;
mod record;

pub use evaluate::{Cost, LOOKUPS_MAX, Outcome, VOIDS_MAX, Verdict, cost, evaluate};
pub use question::{Answer, Answers, Kind, Query, Question};
pub use record::{Directive, Mechanism, Qualifier, Record, SpfError, is_record, only, parse};
