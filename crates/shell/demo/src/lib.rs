//! The demo: a complete sample instance that needs no configuration and leaves nothing behind.
//!
//! In the order of a start: a folder is chosen ([`Place`]) and a port ([`free_port`]), the instance is opened with its
//! mail catcher ([`open`]), and filled with what is not there yet ([`fill`]): two sister letters with their editions,
//! 5,000 readers, a draft, an owner; and a past, lived through with a clock that is set back: each edition has its
//! dispatch, some mails were refused, somebody complained, three readers wrote. [`routes`] serves the pictures.
//!
//! Guarantees: nothing leaves the machine, whatever is sent goes to the catcher; the same program makes the same
//! readers; a second start on the same folder adds nothing. The newest edition left last Thursday, whatever the date.
//!
//! Nobody in the texts exists. They stand in `content/`.

mod choose;
mod content;
mod fill;
mod open;
mod past;
mod pictures;
mod place;
mod queries;
mod readers;

pub use fill::{Sample, fill};
pub use open::{free_port, open};
pub use pictures::routes;
pub use place::Place;
pub use queries::ALL as QUERIES;

use std::path::PathBuf;

/// Why the demo does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder cannot be used.
    #[error("the folder {path} cannot be used: {why}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why not.
        why: std::io::Error,
    },
    /// A text of ours is broken: a test reads all of them.
    #[error("the sample {0} cannot be read: {1}")]
    Content(&'static str, String),
    /// Opening.
    #[error(transparent)]
    Open(#[from] instance::OpenError),
    /// The catcher.
    #[error(transparent)]
    Catcher(#[from] catcher::CatcherError),
    /// Publications.
    #[error(transparent)]
    Publication(#[from] publications::PublicationError),
    /// Readers.
    #[error(transparent)]
    Import(#[from] audience::import::ImportError),
    /// Segments.
    #[error(transparent)]
    Audience(#[from] audience::AudienceError),
    /// Editions.
    #[error(transparent)]
    Edition(#[from] editions::EditionError),
    /// The dispatches.
    #[error(transparent)]
    Dispatch(#[from] dispatch::DispatchError),
    /// The way by which they left.
    #[error(transparent)]
    Routes(#[from] ::routes::RoutesError),
    /// What came back.
    #[error(transparent)]
    Returns(#[from] returns::ReturnsError),
    /// The owner.
    #[error(transparent)]
    Account(#[from] accounts::AccountError),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}
