//! Readers: who they are, what they agreed to, and who gets an edition.
//!
//! What one can do:
//! - [`subscribe`] asks; [`confirm`] starts; [`unsubscribe`] ends, at once; [`preferences`] changes the rest, and
//!   [`delete`] forgets everything but a keyed hash.
//! - [`import`] reads a CSV file of another service, [`export`] writes one, [`suppress`] and [`lift_suppression`]
//!   keep an address out and let it in again.
//! - [`bounced`] and [`complained`] are what follows from a receiving server's word; whoever keeps the word does both at
//!   once.
//! - [`chosen`] and [`matching`] answer who a dispatch goes to, and who a segment holds, as SQL with bound values.
//!
//! Routes: `/{publication}/subscribe`, `/{publication}/embed`, `POST /api/publications/{publication}/subscriptions`,
//! `/r/confirm/…`, `/r/unsubscribe/…`, `/r/preferences/…`, `/r/export/…`, `/desk/{publication}/readers…`.
//! It emits no fact and hears none.
//!
//! Guarantees:
//! - Nothing a GET asks for changes anything: a scanner that follows every link unsubscribes nobody.
//! - No subscription becomes active without the reader's own act or a file that the author answers for, and the act
//!   is kept with its exact words, form, time and truncated network.
//! - No mailbox is asked to confirm more than once in 24 hours over the whole instance, and nobody learns from an
//!   answer whether an address is known here.
//! - An import brings nobody back. A suppression survives the reader's deletion as a keyed hash.
//!
//! Not guaranteed: that a confirmation mail arrives; `notices` says what became of it.

mod allowance;
mod audience;
mod chosen;
mod confirm;
mod consent;
mod delete;
mod ensure;
mod export;
mod find;
pub mod import;
mod kept;
mod lift;
mod model;
mod preferences;
mod queries;
mod receiver;
mod segments;
mod stamp;
mod step;
mod subscribe;
mod suppress;
mod tokens;
mod unsubscribe;
mod web;

#[cfg(test)]
mod tests;

pub use audience::Audience;
pub use chosen::{chosen, matching};
pub use confirm::{Waiting, confirm, waiting};
pub use consent::{Consent, Proof, consents};
pub use delete::delete;
pub use ensure::ensure_reader;
pub use export::{Page as ExportPage, export, page as export_page};
pub use find::{by_email, by_id, is_blocked, subscription, subscriptions};
pub use import::import;
pub use kept::kept;
pub use model::{AudienceError, Form, Reader, Subscription};
pub use preferences::{Wish, Wishes, decide, pause, preferences, resume};
pub use queries::ALL as QUERIES;
pub use receiver::{bounced, complained};
pub use segments::{Segment, create_segment, segment, segments};
pub use stamp::{hourly_stamp, stamp};
pub use subscribe::{Request, subscribe};
pub use suppress::{Suppressed, end, lift_suppression, suppress, suppressed, suppressions};
pub use tokens::{confirm_url, export_url, preferences_url, tokens, unsubscribe_url};
pub use unsubscribe::{Way, unsubscribe};
pub use web::routes;
