//! What journeys through the real program stand on: the program itself, a real mail server, a real browser.
//!
//! In the order of a journey: a [`Program`] is set up on an [`Engine`] with a relay, which is a [`Postfix`] that
//! delivers into a [`Mailbox`], or the project's own sink; it serves; a [`Browser`] walks through it; the [`ledger`]
//! and the sink's log are compared by a [`Proof`].
//!
//! Guaranteed: whatever is started here stops with the value that holds it, also when a test fails or is killed, and
//! what is waited for and does not come is named. The program is `target/debug/soucoupe`, which `cargo xtask test`
//! builds first, or the one in `SOUCOUPE_BIN`. Nothing of the system is touched: ports are free ones of 127.0.0.1,
//! folders are thrown away.

mod browser;
pub mod http;
mod ledger;
mod mailbox;
mod patience;
mod postfix;
mod program;
mod proof;
mod queries;
mod supervised;

pub use browser::Browser;
pub use ledger::{Row, State, hasten, hearts, ledger};
pub use mailbox::{Mailbox, Received};
pub use patience::{PATIENCE, until};
pub use postfix::Postfix;
pub use program::{Engine, Program, Said, Serving, free_port};
pub use proof::{Chance, Proof};
