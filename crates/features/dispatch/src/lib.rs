//! Dispatch: one sending of an edition to a frozen audience, and the ledger of what became of each delivery.
//!
//! What one can do, in the order of a sending: [`estimate`] who gets it and who is left out, [`create`] a dispatch
//! (now or later), let [`run`] freeze its audience and send it, watch its [`status`], [`pause`], [`resume`] or
//! [`stop`] it, send what is held in doubt once more ([`resend_doubted`]), and ask [`failures`] who did not get it, and
//! why. What was sent stands in a signed log, and a copy can be held against it ([`proof`]).
//!
//! Guarantees (`docs/delivery.md` argues for each):
//! - Every reader of the frozen audience has one row. A row is closed (accepted, failed, skipped) or open, and a
//!   dispatch is finished only when no row is open.
//! - A delivery is committed as *in doubt* before the last byte of its mail leaves, so that after a crash exactly
//!   the mails that were on the wire are in doubt: at most one for each open connection.
//! - What was certainly not taken is never counted as sent; what was certainly taken is never sent again.
//! - Readers who left after the freezing are passed over until the moment their chunk is claimed.
//! - A relay that refuses everybody burns nobody: mails wait until it answers again.
//!
//! Not guaranteed: exactly-once. Between the last byte and the answer nobody can know (RFC 1047).
//!
//! Routes: `/desk/{publication}/editions/{edition}/send`, `/desk/{publication}/dispatches` and below.

mod create;
mod estimate;
mod freeze;
mod model;
mod pause;
pub mod proof;
mod queries;
mod resend;
mod sender;
mod status;
mod timing;
mod web;

pub use create::{create, create_test, create_timed, resend_failed};
pub use estimate::{Estimate, estimate, estimate_failed};
pub use freeze::freeze_due;
pub use model::{Dispatch, DispatchError, Kind};
pub use pause::{pause, resume, stop};
pub use policy::dispatch::DispatchState;
pub use queries::ALL as QUERIES;
pub use resend::resend_doubted;
pub use sender::{Ending, run, run_until_idle, settle};
pub use status::{Failure, Status, by_id, failures, list, status};
pub use timing::{SPREAD, Timing};
pub use web::routes;
