//! Opening a connection: TCP, TLS, greeting, STARTTLS, signing in.

use std::io;

use data_encoding::BASE64;
use rustls::pki_types::ServerName;
use smtp::tls;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::ask::{Dialogue, ROOM};
use crate::error::{ImapError, Step};
use crate::folder::quoted;
use crate::line::{Line, Wire};
use crate::mailbox::Mailbox;
use crate::{Security, Timeouts};

/// Opens a connection and signs in; what the server can do then.
pub(crate) async fn open(
    mailbox: &Mailbox,
    timeouts: &Timeouts,
) -> Result<(Dialogue, Vec<String>), ImapError> {
    let stream = connect(mailbox, timeouts).await?;
    let wire: Box<dyn Wire> = match mailbox.security {
        Security::Tls => encrypt(Box::new(stream), mailbox, timeouts).await?,
        Security::Plain | Security::StartTls => Box::new(stream),
    };
    let mut dialogue = Dialogue::new(Line::new(wire));
    let greeting = dialogue.greeting(timeouts.command).await?;
    let mut offered = match greeting.capabilities() {
        Some(offered) => offered,
        None => capabilities(&mut dialogue, timeouts).await?,
    };
    if mailbox.security == Security::StartTls {
        dialogue = start_tls(dialogue, &offered, mailbox, timeouts).await?;
        // RFC 3501 6.2.1: what was said before encryption counts no more.
        offered = capabilities(&mut dialogue, timeouts).await?;
    }
    sign_in(&mut dialogue, &offered, mailbox, timeouts).await?;
    // And signing in may change it again.
    let offered = capabilities(&mut dialogue, timeouts).await?;
    Ok((dialogue, offered))
}

async fn connect(mailbox: &Mailbox, timeouts: &Timeouts) -> Result<TcpStream, ImapError> {
    let failed = |source| ImapError::Connect { server: mailbox.server(), source };
    let connecting = TcpStream::connect((mailbox.host.as_str(), mailbox.port));
    let stream = match timeout(timeouts.connect, connecting).await {
        Ok(connected) => connected.map_err(failed)?,
        Err(_) => return Err(failed(io::ErrorKind::TimedOut.into())),
    };
    stream.set_nodelay(true).map_err(failed)?;
    // A name such as localhost is what the resolver says it is.
    let elsewhere = !stream.peer_addr().map_err(failed)?.ip().is_loopback();
    if mailbox.security == Security::Plain && elsewhere {
        return Err(ImapError::InClear { server: mailbox.server() });
    }
    Ok(stream)
}

async fn encrypt(
    wire: Box<dyn Wire>,
    mailbox: &Mailbox,
    timeouts: &Timeouts,
) -> Result<Box<dyn Wire>, ImapError> {
    let failed = |source| ImapError::Tls { server: mailbox.server(), source };
    let ca = mailbox.ca.clone();
    let read = tokio::task::spawn_blocking(move || tls::client_config(ca.as_deref())).await;
    // The task only fails when the runtime is shutting down.
    let config = read.map_err(|error| failed(io::Error::other(error)))??;
    let name = ServerName::try_from(mailbox.host.clone())
        .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
    match timeout(timeouts.tls, TlsConnector::from(config).connect(name, wire)).await {
        Ok(encrypted) => Ok(Box::new(encrypted.map_err(failed)?)),
        Err(_) => Err(failed(io::ErrorKind::TimedOut.into())),
    }
}

async fn start_tls(
    mut dialogue: Dialogue,
    offered: &[String],
    mailbox: &Mailbox,
    timeouts: &Timeouts,
) -> Result<Dialogue, ImapError> {
    if !offers(offered, "STARTTLS") {
        return Err(ImapError::NoStartTls { server: mailbox.server() });
    }
    dialogue.ask(Step::StartTls, timeouts.command, "STARTTLS", |_| {}).await?;
    // Bytes after the answer would be taken for encrypted ones.
    let wire = dialogue
        .line
        .into_wire()
        .ok_or(ImapError::NotImap { step: Step::StartTls, what: "words between STARTTLS and TLS" })?;
    Ok(Dialogue::new(Line::new(encrypt(wire, mailbox, timeouts).await?)))
}

async fn capabilities(dialogue: &mut Dialogue, timeouts: &Timeouts) -> Result<Vec<String>, ImapError> {
    let mut offered = Vec::new();
    dialogue
        .ask(Step::Capability, timeouts.command, "CAPABILITY", |answer| {
            offered.extend(answer.capabilities().unwrap_or_default());
        })
        .await?;
    Ok(offered)
}

/// AUTHENTICATE PLAIN carries any character (RFC 4616); LOGIN is for servers that do not have it.
async fn sign_in(
    dialogue: &mut Dialogue,
    offered: &[String],
    mailbox: &Mailbox,
    timeouts: &Timeouts,
) -> Result<(), ImapError> {
    let (user, password) = (&mailbox.credentials.user, &mailbox.credentials.password);
    let answered = if offers(offered, "AUTH=PLAIN") {
        let response = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
        let parts = ["AUTHENTICATE PLAIN", &response];
        dialogue.ask_in_parts(Step::SignIn, timeouts.command, ROOM, &parts, |_| {}).await
    } else if !offers(offered, "LOGINDISABLED") {
        let command = format!("LOGIN {} {}", quoted(user), quoted(password));
        dialogue.ask(Step::SignIn, timeouts.command, &command, |_| {}).await
    } else {
        return Err(ImapError::SignInNotOffered { server: mailbox.server() });
    };
    match answered {
        Ok(_) => Ok(()),
        Err(ImapError::Refused { words, .. }) => Err(ImapError::SignIn { words }),
        Err(error) => Err(error),
    }
}

pub(crate) fn offers(offered: &[String], what: &str) -> bool {
    offered.iter().any(|known| known == what)
}
