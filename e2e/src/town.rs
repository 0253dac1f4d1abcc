//! A small town of mail: a relay, a receiving server with its judges and its mailboxes, and the names of all of them.
//!
//! ```text
//! the program ─> Tap ─> relay.test (Postfix) ─> mx.mailbox.test (Postfix, OpenDKIM, OpenDMARC) ─> Dovecot
//!      ^                                                                          bounces and replies │
//!      └─────────────────────── in.gazette.example (the program's listener) <─────────────────────────┘
//! ```
//!
//! To be started inside a network of its own, see [`alone`](crate::alone()). Mail finds its way by MX records, as
//! everywhere; `gazette.example` is the author's domain, whose records are those that the program prints.

mod dovecot;
mod judges;
mod names;
mod tap;

use std::net::{Ipv4Addr, SocketAddrV4};

pub use dovecot::Dovecot;
pub use judges::{Judges, dkim_verifies};
pub use names::Names;
pub use tap::Tap;

use crate::postfix::Postfix;

// Public addresses, since the program rightly sends straight to no others; nothing leaves the town's network.

/// `relay.test`, which mails for the author.
pub const RELAY: Ipv4Addr = Ipv4Addr::new(203, 0, 114, 10);
/// Where the program believes the relay to be, and the [`Tap`] is.
pub const TAP: Ipv4Addr = Ipv4Addr::new(203, 0, 114, 11);
/// `mx.mailbox.test`, where the readers have their mailboxes.
pub const EXCHANGE: Ipv4Addr = Ipv4Addr::new(203, 0, 114, 20);
/// `in.gazette.example`, where the program listens.
pub const LISTENER: Ipv4Addr = Ipv4Addr::new(203, 0, 114, 30);
/// The resolver.
pub const NAMES: Ipv4Addr = Ipv4Addr::new(203, 0, 114, 53);

/// Every address of the town, the resolver last: what [`alone`](crate::alone()) is told.
pub const ADDRESSES: &[&str] =
    &["203.0.114.10", "203.0.114.11", "203.0.114.20", "203.0.114.30", "203.0.114.53"];

/// Port 25 of an address.
pub fn smtp(address: Ipv4Addr) -> SocketAddrV4 {
    SocketAddrV4::new(address, 25)
}

/// Where mail for the author's return paths and answers goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// To the program itself, at [`LISTENER`].
    Listener,
    /// Into [`RETURNS`], whatever stands before the `@`.
    Mailbox,
}

/// The mailbox of [`Back::Mailbox`].
pub const RETURNS: &str = "returns@mailbox.test";

/// The running servers.
pub struct Town {
    /// Where the mails end.
    pub dovecot: Dovecot,
    /// What the relay was given.
    pub tap: Tap,
    /// The author's relay.
    pub relay: Postfix,
    /// The readers' server.
    pub exchange: Postfix,
    _judges: Judges,
    _names: Names,
}

impl Town {
    /// Starts all of it: mailboxes for these addresses and [`RETURNS`], and the author's records (lines of a zone file
    /// with TXT records), to which the way back is added.
    pub async fn start(mailboxes: &[&str], records: &[String], back: Back) -> Self {
        let mut records = records.to_vec();
        let host = if back == Back::Listener { "in.gazette.example" } else { "mx.mailbox.test" };
        records.push(format!("bounce.gazette.example. IN MX 10 {host}."));
        let mailboxes = [mailboxes, &[RETURNS]].concat();
        let names = Names::start(NAMES, &records).await;
        let dovecot = Dovecot::start(EXCHANGE, &mailboxes).await;
        let judges = Judges::start(NAMES).await;
        let settings = exchange_settings(&dovecot, &judges, &mailboxes, back);
        let exchange = Postfix::start_at(smtp(EXCHANGE), |_| settings).await;
        let relay = Postfix::start_at(smtp(RELAY), |_| relay_settings()).await;
        let tap = Tap::start(smtp(TAP), smtp(RELAY)).await;
        Town { dovecot, tap, relay, exchange, _judges: judges, _names: names }
    }
}

/// What fails for the moment, such as a judge that is not ready, is tried again at once.
const IMPATIENT: &str = "minimal_backoff_time = 1s\nmaximal_backoff_time = 2s\nqueue_run_delay = 1s\n";

fn relay_settings() -> String {
    format!(
        "myhostname = relay.test\n\
         mynetworks = 203.0.114.0/24\n\
         smtpd_relay_restrictions = permit_mynetworks, reject\n\
         smtp_bind_address = {RELAY}\n\
         smtp_tls_security_level = may\n\
         {IMPATIENT}"
    )
}

fn exchange_settings(dovecot: &Dovecot, judges: &Judges, mailboxes: &[&str], back: Back) -> String {
    let known: String = mailboxes.iter().map(|address| format!("{{ {address} = known }} ")).collect();
    let catch_all = match back {
        Back::Listener => String::new(),
        Back::Mailbox => format!(
            "virtual_alias_domains = bounce.gazette.example\n\
             virtual_alias_maps = inline:{{ {{ @bounce.gazette.example = {RETURNS} }} }}\n"
        ),
    };
    let (certificate, key) = dovecot.certificate();
    format!(
        "myhostname = mx.mailbox.test\n\
         mynetworks = {EXCHANGE}/32\n\
         smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n\
         smtp_bind_address = {EXCHANGE}\n\
         virtual_mailbox_domains = mailbox.test\n\
         virtual_mailbox_maps = inline:{{ {known}}}\n\
         {catch_all}\
         virtual_transport = lmtp:unix:{lmtp}\n\
         smtpd_tls_security_level = may\n\
         smtpd_tls_cert_file = {certificate}\n\
         smtpd_tls_key_file = {key}\n\
         smtpd_tls_received_header = yes\n\
         smtpd_milters = {milters}\n\
         milter_default_action = tempfail\n\
         {IMPATIENT}",
        lmtp = dovecot.lmtp().display(),
        certificate = certificate.display(),
        key = key.display(),
        milters = judges.milters(),
    )
}
