//! Who writes: a mail system, perhaps one, or anybody.

use crate::addresses;
use crate::headers::Headers;
use crate::subjects::{one_of, plain};

/// Who writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// A mail system, by its address.
    System,
    /// A mail system, by its name, which costs nothing.
    Named,
    /// An address that systems use too.
    Perhaps,
    /// Anybody else.
    Anybody,
}

/// Whether the sender is a mail system, by its address.
pub fn from_a_system(headers: &Headers) -> bool {
    sender(headers) == Sender::System
}

/// Who writes, by address and name.
pub fn sender(headers: &Headers) -> Sender {
    const SURE: &[&str] = &[
        "mailer-daemon",
        "mailerdaemon",
        "mailer_daemon",
        "mailer",
        "mail-daemon",
        "maildaemon",
        "mail_daemon",
        "mdaemon",
        "daemon",
        "postmaster",
        "postmast",
        "post_master",
        "postoffice",
        "mail-delivery",
        "maildelivery",
        "mail.delivery",
        "delivery-notification",
        "deliverynotification",
        "email-delivery",
        "mailsystem",
        "mail-system",
        "mailsrv",
        "mailservice",
        "mailadmin",
        "mail-admin",
        "mmdf",
        "smtp",
        "uucp",
        "bounce-handler",
        "virusalert",
        "amavis",
    ];
    const PERHAPS: &[&str] = &[
        "bounce",
        "bounces",
        "system",
        "administrator",
        "exchange",
        "root",
        "nobody",
        "notification",
        "notifications",
        "no-reply",
        "noreply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "scanner",
        "antispam",
        "symantec_antivirus",
    ];
    const NAMES: &[&str] = &[
        "mail delivery",
        "mailer-daemon",
        "mailer daemon",
        "mail daemon",
        "mailsystem",
        "mail system",
        "mail administrator",
        "mailing system",
        "delivery subsystem",
        "delivery system",
        "delivery service",
        "delivery notification",
        "delivery agent",
        "system administrator",
        "systemadministrator",
        "system admin",
        "administrateur système",
        "administrateur du système",
        "administrador del sistema",
        "administrador do sistema",
        "amministratore di sistema",
        "systeembeheerder",
        "internet mail",
        "postmaster",
        "message delivery",
        "email delivery",
        "microsoft outlook",
        "microsoft exchange",
        "mail router",
        "smtp server",
        "postoffice",
        "mail server",
        "メール配信",
        "系统管理员",
    ];
    let Some(from) = headers.get("from").or_else(|| headers.get("sender")) else { return Sender::Named };
    let plain_from = plain(from);
    let local = addresses::mailbox(from).map(|(_, address)| address.to_ascii_lowercase());
    let local = local.as_deref().and_then(|address| address.split('@').next()).unwrap_or(&plain_from);
    let begins = |known: &[&str]| {
        known.iter().any(|known| {
            local.strip_prefix(known).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphabetic()))
        })
    };
    // Exchange writes as MicrosoftExchange and a number.
    if begins(SURE) || local.starts_with("microsoftexchange") {
        return Sender::System;
    }
    if one_of(&plain_from, NAMES) {
        return Sender::Named;
    }
    if begins(PERHAPS) { Sender::Perhaps } else { Sender::Anybody }
}

/// RFC 5321 4.5.5: notices come from nobody.
pub fn has_no_return_path(headers: &Headers) -> bool {
    headers.get("return-path").is_some_and(|path| {
        let path = path.trim_matches(['<', '>', ' ']).to_ascii_lowercase();
        path.is_empty() || path.starts_with("mailer-daemon") || path == "#@[]"
    })
}
