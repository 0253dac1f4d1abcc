//! What servers and providers say, by what it means: the one place for such words. SMTP answers, bounces and the
//! reports of relays are all read with these tables.
//!
//! A phrase is in the form that [`super::Words`] gives a text: lower case, single spaces, `not` for `n't`, addresses
//! as `@`. ` * ` stands for up to 80 letters of anything. A phrase begins where a word begins.

mod domain;
mod message;
mod reader;
mod reputation;
mod sender;
mod sure;
mod way;

pub(super) use domain::{NO_MAIL, UNKNOWN_HOST};
pub(super) use message::{CONTENT, POLICY, REJECT, SPAM, SPAM_PERHAPS, SYNTAX, TOO_LARGE, VIRUS};
pub(super) use reader::{
    DISABLED, FULL, MOVED, REFUSED, SUSPENDED, UNAVAILABLE, UNKNOWN_USER, UNKNOWN_USER_ABROAD,
};
pub(super) use reputation::{ABOUT_US, BLOCKED, LIMIT, RATE, SLOW};
pub(super) use sender::{AUTHENTICATION, RELAY, SENDER, TLS, US};
pub(super) use sure::SURE;
pub(super) use way::{EXPIRED, GREY, LOOP, NETWORK, PROGRAM, SYSTEM};
