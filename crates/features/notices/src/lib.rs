//! Notices: the single mails that answer what somebody just did (confirm, sign in), as against editions.
//!
//! In the order of a notice's life: a slice writes it ([`Words`]) and [`queue`]s it; [`deliver`] takes it within a
//! moment to the relay, on a connection of its own, so that a confirmation overtakes an edition that is being sent to
//! a million readers; [`deliver_due`] does one pass of the same. It emits no fact and hears none.
//!
//! Guarantees:
//! - A notice that was queued is kept until the relay took it or refused it for good, whatever dies meanwhile.
//! - The same `dedupe` is queued once. A second copy after a crash bears the same Message-ID.
//! - A relay that is away costs a notice none of its tries.
//! - What was delivered is forgotten: the words at once, the row after [`KEPT_DAYS`].
//!
//! Not guaranteed: that exactly one copy arrives. Where the connection breaks between the last byte and the answer,
//! the notice is sent again; a confirmation too many is better than none.

mod deliver;
mod forget;
mod model;
mod pass;
mod queries;
mod queue;
mod relay;
mod words;

#[cfg(test)]
mod tests;

pub use deliver::{deliver, deliver_due};
pub use forget::{KEPT_DAYS, forgetting};
pub use model::{Failed, Notice, NoticeError, Passed, State};
pub use queries::ALL as QUERIES;
pub use queue::{failed, queue};
pub use words::Words;
