//! Publications: letters with their name, sender, language and look; their signing keys; their sister letters.
//!
//! What one can do: [`create`], [`find`], [`by_id`], [`all`], [`change`], [`sisters`], [`tie`] two as sisters, and
//! [`keys`]. [`heading`] is the header block of its editions, [`dress`] is what its public pages have in common,
//! [`Desk`] what every page of the desk begins with.
//!
//! Routes: `/desk`, `/desk/new`, `/desk/{publication}/settings`. It emits no fact and hears none.

mod change;
mod create;
mod dress;
mod find;
mod heading;
pub mod keys;
mod model;
mod queries;
mod web;

pub use change::change;
pub use create::{NewPublication, create, tie};
pub use dress::dress;
pub use find::{all, by_id, find, sisters};
pub use heading::heading;
pub use model::{Publication, PublicationError, RESERVED, Slug};
pub use queries::ALL as QUERIES;
pub use web::{Desk, routes};
