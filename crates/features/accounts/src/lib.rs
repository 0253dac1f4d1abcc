//! Accounts: who works at the desk, how they sign in, and what they may do.
//!
//! What one can do: [`create_owner`], [`sign_in`] with a password, [`sign_in_link`] for a link that signs in once,
//! [`sign_out`], and ask [`authorise`], the only place that decides who may do what. Handlers take [`SignedIn`].
//!
//! Routes: `/desk/welcome` (first run), `/desk/sign-in`, `/desk/sign-in/{token}`, `/desk/sign-out`.
//! It emits no fact and hears none.

mod authorise;
mod create;
mod link;
mod model;
mod password;
mod queries;
mod session;
mod sign_in;
mod throttle;
mod web;

pub use authorise::{Act, authorise};
pub use create::{create_owner, exists, owner};
pub use link::{sign_in_by_link, sign_in_link};
pub use model::{Account, AccountError, Role};
pub use queries::ALL as QUERIES;
pub use session::{Session, account_of, sign_out, start};
pub use sign_in::sign_in;
pub use web::{SignedIn, routes};
