//! The mail catcher: a real SMTP server that delivers nothing and shows everything.
//!
//! What one can do: [`start`] it on an address of this machine and point the relay of the instance there; then look at
//! the newest mails ([`list`]), read [`one`], or [`empty`] the box.
//!
//! Routes: `/desk/catcher`, `/desk/catcher/empty`, `/desk/catcher/{id}`, `/desk/catcher/{id}/html`; they exist only
//! where the configuration says that this instance has a catcher. It emits no fact and hears none.
//!
//! Guarantees: a mail that was answered 250 stands in the box; the letter is shown in a frame without script and
//! without an origin, so that nothing in it can act at the desk.
//!
//! Not guaranteed: that old mails stay. The newest [`KEPT`] are kept, the rest is thrown away now and then.

mod catch;
mod find;
mod model;
mod queries;
mod read;
mod web;

pub use catch::{Catcher, KEPT, start};
pub use find::{Page, Turn, empty, list, one};
pub use model::{CatcherError, Caught, CaughtMail};
pub use queries::ALL as QUERIES;
pub use read::{Letter, read};
pub use web::routes;
