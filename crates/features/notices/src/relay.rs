//! The connection to the relay that notices have for themselves.

use std::time::{Duration, Instant};

use instance::Instance;
use smtp::{Connection, NotDelivered, Refusal, Route, SendError, Timeouts, ungated};

use crate::model::NoticeError;

/// Somebody waits for the mail: a relay that is slower than this is tried again later.
const PATIENCE: Duration = Duration::from_secs(60);
/// Relays close a connection on which nothing happens after some minutes; we leave first.
const IDLE: Duration = Duration::from_secs(45);

/// What became of one mail.
pub(crate) enum Answer {
    /// The relay took it.
    Accepted {
        /// Its code.
        code: u16,
        /// Its words.
        text: String,
    },
    /// The relay refused this mail, or everything we say.
    Refused(Refusal),
    /// The mail itself cannot be sent by any relay.
    Impossible(String),
    /// The relay is away, or does not want to speak to us: no mail's fault.
    Away(String),
    /// The connection broke while this mail was on it.
    Broken(String),
}

/// A relay, and perhaps an open connection to it.
pub(crate) struct Relay {
    route: Route,
    name: String,
    open: Option<(Connection, Instant)>,
}

impl Relay {
    /// The configured relay; nothing is opened yet.
    pub(crate) fn of(instance: &Instance) -> Result<Self, NoticeError> {
        let url = instance.config.smtp_url.as_deref();
        let url = url.ok_or_else(|| NoticeError::Relay("no relay is configured (smtp_url)".to_owned()))?;
        let route = Route::parse(url).map_err(|error| NoticeError::Relay(error.to_string()))?;
        Ok(Relay { route, name: instance.config.mail_domain(), open: None })
    }

    /// Hands one mail over.
    pub(crate) async fn deliver(&mut self, from: &str, to: &str, message: &[u8]) -> Answer {
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            Err(error) => return Answer::Away(told(&error)),
        };
        let answer = match connection.deliver(from, to, message, ungated()).await {
            Ok(delivered) => {
                Answer::Accepted { code: delivered.reply.code, text: delivered.reply.lines.join(" ") }
            }
            // 421 at any step is about the connection, not about the mail (RFC 5321 3.8).
            Err(NotDelivered::Refused(refusal)) if refusal.reply.is_closing() => {
                Answer::Away(refusal.reply.lines.join(" "))
            }
            Err(NotDelivered::Refused(refusal)) => Answer::Refused(refusal),
            Err(NotDelivered::Failed(error)) if error.is_about_the_mail() => Answer::Impossible(told(&error)),
            Err(NotDelivered::Failed(error)) => Answer::Broken(told(&error)),
            Err(NotDelivered::Gate(never)) => match never {},
        };
        if connection.is_usable() {
            self.open = Some((connection, Instant::now()));
        }
        answer
    }

    /// Says goodbye when nothing has happened for a while, or in any case.
    pub(crate) async fn rest(&mut self, at_once: bool) {
        let old = self.open.as_ref().is_some_and(|(_, used)| at_once || used.elapsed() > IDLE);
        if old && let Some((connection, _)) = self.open.take() {
            connection.quit().await;
        }
    }

    async fn connection(&mut self) -> Result<Connection, SendError> {
        if let Some((mut connection, _)) = self.open.take()
            && connection.is_alive()
        {
            return Ok(connection);
        }
        let timeouts = Timeouts {
            connect: Duration::from_secs(15),
            greeting: PATIENCE,
            command: PATIENCE,
            mail: PATIENCE,
            rcpt: PATIENCE,
            data: PATIENCE,
            ..Timeouts::default()
        };
        Connection::open(&self.route, &self.name, timeouts).await
    }
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
