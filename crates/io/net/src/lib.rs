//! The internet behind one door: names, one guarded HTTP client, and what they say together about where mail
//! for a domain goes.
//!
//! In the order of use: a [`Resolver`] asks the DNS; an [`HttpClient`] fetches over HTTPS what lies at a public
//! address; [`StsPolicies`] keeps the MTA-STS policies of domains; [`mail_hosts`] tells the mail servers of a
//! domain, each with its addresses and the encryption it must have.
//!
//! Guaranteed: the HTTP client connects to the addresses that were checked and to no other, follows no redirect,
//! uses no proxy, and stops at its limits of time and size. An answer is called secure only where DNSSEC proved
//! it, or where a name server on this machine says that it did.
//!
//! Not guaranteed: DNSSEC behind a name server that strips signatures; there nothing is secure and mail goes as
//! if the domain had signed nothing. A policy of MTA-STS is kept in memory: a restart asks for it again.

mod address;
mod http;
mod mail;
mod names;
mod sts;

pub use address::is_public;
pub use http::{Answered, HttpClient, HttpError, HttpLimits};
pub use mail::{MailHost, MailHosts, MailHostsError, mail_hosts};
pub use names::{Answer, Exchangers, NameError, Resolver};
pub use sts::StsPolicies;
