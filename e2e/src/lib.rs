//! What journeys through the real program stand on: the program itself, a real mail server, a real browser.
//!
//! In the order of a journey: a [`Program`] is set up on an [`Engine`] with a relay, which is a [`Postfix`] that
//! delivers into a [`Mailbox`], or the project's own sink; it serves; a [`Browser`] walks through it; the [`ledger`]
//! and the sink's log are compared by a [`Proof`]. What breaks on the way: a [`SmallDisk`] that fills up, a [`Cluster`]
//! of PostgreSQL that crashes, [`FailingSyncs`] of a running program, and a [`Recording`] of all it wrote, from which
//! the files after a power cut are made.
//!
//! Guaranteed: whatever is started here stops with the value that holds it, also when a test fails or is killed, and
//! what is waited for and does not come is named. The program is `target/debug/soucoupe`, which `cargo xtask test`
//! builds first, or the one in `SOUCOUPE_BIN`. Nothing of the system is touched: ports are free ones of 127.0.0.1,
//! folders are thrown away.

mod alone;
mod browser;
mod cluster;
mod disk;
pub mod http;
mod ledger;
mod mailbox;
mod patience;
mod postfix;
mod program;
mod proof;
mod queries;
mod recording;
mod sending;
mod supervised;
mod syncs;
pub mod town;

pub use alone::{alone, speak_to};
pub use browser::Browser;
pub use cluster::Cluster;
pub use disk::SmallDisk;
pub use ledger::{Row, State, hasten, hearts, integrity, ledger};
pub use mailbox::{Mailbox, Received};
pub use patience::{PATIENCE, until};
pub use postfix::Postfix;
pub use program::{Engine, Program, Said, Serving, free_port};
pub use proof::{Chance, Proof};
pub use recording::{Loss, Recording};
pub use sending::{CONNECTIONS, is_long, logged, readers, sending, sink, slow, taken, to_the_end};
pub use syncs::FailingSyncs;
