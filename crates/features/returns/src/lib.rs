//! Returns: bounces, complaints, automatic answers and letters of readers, and what follows from each.
//!
//! What comes in, in the order of how soon it is known: the answers that servers gave while they were handed a mail
//! ([`read_answers`], [`after_sending`]); mail to the built-in listener ([`listen`]); mail in a polled mailbox
//! ([`poll`]); signed notices of sending services (`POST /hooks/{provider}`). All of it becomes an [`Event`] and goes
//! through one door, [`take_in`]. Letters of readers are kept for the author ([`replies`]).
//!
//! Guarantees:
//! - What was acknowledged is committed, together with what follows from it; what is told twice counts once.
//! - Nobody is suppressed or unsubscribed by a word that anybody could have written: it takes a token of ours, or the
//!   checked signature of a sending service. A bounce without either is noted, and nothing follows from it.
//! - Only a dead address, a dead domain, one that takes no mail and one that has moved are suppressed at once. Trouble
//!   with what we sent is told to the author and costs no reader anything.
//! - The listener takes mail for addresses of ours only, and has no way to pass any on.
//! - Strangers do not fill the disk: what leads to nothing, and letters, are kept up to so many a day.
//! - Nothing of a reader stays here after they were deleted but numbers and keyed hashes.
//!
//! Not guaranteed: that a letter was written by whom it names. It is shown to the author, and nothing follows from it.
//!
//! Routes: `/desk/{publication}/returns`, `/desk/{publication}/replies` and below, `/hooks/{provider}`.
//! It emits no fact and hears none.

mod answers;
mod correlate;
mod fetch;
mod find;
mod listen;
mod model;
mod poll;
mod queries;
mod replies;
mod take_in;
mod take_mail;
mod throttle;
mod tidy;
mod tokens;
mod understand;
mod web;

pub use answers::{after_sending, read_answers};
pub use fetch::{Fetch, Fetched, internet};
pub use find::{Return, Trouble, Wanted, by_day, counts, of_nobody, returns, troubles};
pub use listen::{Receiving, listen};
pub use model::{Event, Evidence, Followed, NewReply, ReturnsError, Source, Taken};
pub use poll::{PollError, poll, poll_once};
pub use queries::ALL as QUERIES;
pub use replies::{Reply, keep_reply, mark, replies, reply, throw_away, unread};
pub use take_in::take_in;
pub use tidy::{forget_old, tidy};
pub use tokens::{Door, of_message_id};
pub use web::routes;
