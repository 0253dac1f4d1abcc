//! The built-in listener: takes mail for addresses of ours, and for no other.
//!
//! It relays nothing: there is no way from here to another server. Every address it takes carries a signature of ours,
//! or names a publication, or is one that every domain must have.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use i18n::{Language, t};
use instance::Instance;
use smtp::{Answer, Envelope, Limits, Listener, ListenerOptions, Mailroom};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wire::smtp::Reply;

use crate::model::{NewReply, ReturnsError, Source};
use crate::take_mail::{Refused, take_mail};
use crate::throttle::{Network, Place, Throttle};
use crate::tokens::Door;
use crate::understand::{Arrived, key};

/// A bounce holds our letter at most once; a reader's letter with a photograph shall still hear in words why it cannot
/// come in.
const MESSAGE: usize = 8 * 1024 * 1024;
/// Connections at once.
const CONNECTIONS: usize = 60;
/// Addresses that are not ours, on one connection.
const GUESSES: u32 = 10;

/// A listener that runs. Dropping it closes its connections at once.
#[derive(Debug)]
pub struct Receiving {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Receiving {
    /// Stops in good order: mails that are arriving may arrive.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts to take returned mail.
pub async fn listen(instance: &Instance, address: SocketAddr) -> Result<Receiving, ReturnsError> {
    let refused = |source| ReturnsError::Listen { address, source };
    let limits = Limits {
        message: MESSAGE,
        // One answer at the end of a mail is for all its recipients (RFC 5321 4.5.3.1.10 lets us ask for several
        // mails), and what becomes of a mail depends on the address.
        recipients: 1,
        connections: CONNECTIONS,
        ..Limits::default()
    };
    let options = options(instance, limits)?;
    let listener = Listener::bind(address, options).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    let room = Arc::new(Room { instance: instance.clone(), throttle: Throttle::default() });
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let shutdown = async {
            let _ = stopped.await;
        };
        listener.serve(room, shutdown).await;
    });
    Ok(Receiving { address: bound, stop: Some(stop), task })
}

/// What the listener offers: STARTTLS where a certificate is set.
fn options(instance: &Instance, limits: Limits) -> Result<ListenerOptions, ReturnsError> {
    let refused =
        |file: &Path, why: String| ReturnsError::Certificate { file: file.display().to_string(), why };
    let read = |file: &Path| std::fs::read(file).map_err(|error| refused(file, error.to_string()));
    let tls = match &instance.config.returns.certificate {
        Some((certificate, key)) => {
            let config = smtp::tls::server_config(&read(certificate)?, &read(key)?);
            Some(config.map_err(|error| refused(certificate, error.to_string()))?)
        }
        None => None,
    };
    Ok(ListenerOptions { hostname: instance.config.mail_domain(), tls, limits, ..ListenerOptions::default() })
}

struct Room {
    instance: Instance,
    throttle: Throttle,
}

/// One connection.
struct Visit {
    network: Network,
    guesses: u32,
    _place: Option<Place>,
}

impl Room {
    /// An address of ours that leads somewhere.
    async fn door(&self, to: &str) -> Result<Option<Door>, ReturnsError> {
        let Some(door) = Door::of(&self.instance, to) else { return Ok(None) };
        if let Door::Reply(slug) = &door
            && publications::find(&self.instance, slug).await?.is_none()
        {
            return Ok(None);
        }
        Ok(Some(door))
    }
}

impl Mailroom for Room {
    type Visit = Visit;

    async fn connect(&self, peer: SocketAddr) -> (Visit, Answer) {
        let network = Network::of(peer.ip());
        let place = self.throttle.enter(network);
        let answer = if !self.throttle.is_welcome(network, self.instance.now_us()) {
            Reply::new(421, Some((4, 7, 0)), "Too many addresses that do not exist, try again later").into()
        } else if place.is_none() {
            Reply::new(421, Some((4, 7, 0)), "Too many connections from your network, try again later").into()
        } else {
            Answer::Accept
        };
        (Visit { network, guesses: 0, _place: place }, answer)
    }

    async fn mail_from(&self, visit: &mut Visit, _: &str) -> Answer {
        if self.throttle.mail(visit.network, self.instance.now_us()) {
            Answer::Accept
        } else {
            Reply::new(451, Some((4, 7, 1)), "Too many mails at once, try again later").into()
        }
    }

    async fn rcpt_to(&self, visit: &mut Visit, to: &str) -> Answer {
        match self.door(to).await {
            Ok(Some(_)) => Answer::Accept,
            Ok(None) => {
                visit.guesses += 1;
                let more = self.throttle.guess(visit.network, self.instance.now_us());
                if more && visit.guesses <= GUESSES {
                    Reply::new(550, Some((5, 1, 1)), "No such address here").into()
                } else {
                    Reply::new(421, Some((4, 7, 0)), "Too many addresses that do not exist").into()
                }
            }
            Err(error) => away(&error),
        }
    }

    async fn message(&self, visit: &mut Visit, envelope: &Envelope, message: &[u8]) -> Answer {
        // The listener lets no mail through without a recipient, and lets one recipient through.
        let Some(to) = envelope.to.first() else { return Answer::Close };
        let door = match self.door(to).await {
            Ok(Some(door)) => door,
            Ok(None) => return Reply::new(550, Some((5, 1, 1)), "No such address here any more").into(),
            Err(error) => return away(&error),
        };
        let mail = Arrived {
            door: &door,
            source: Source::Listener,
            key: &key(to, message),
            by_machine: envelope.from.is_empty(),
            raw: message,
            whole: true,
        };
        // 250 only once it is committed (RFC 5321 6.1).
        let may_write = || self.throttle.letter(visit.network, self.instance.now_us());
        match take_mail(&self.instance, &mail, may_write).await {
            Ok(()) => Answer::Accept,
            Err(Refused::TooMany) => {
                Reply::new(451, Some((4, 7, 1)), "Too many letters at once, try again later").into()
            }
            Err(Refused::Attachments(letter)) => self.no_files(&letter).await,
            Err(Refused::Error(error)) => away(&error),
        }
    }
}

impl Room {
    /// A polite answer that reaches the reader in their server's own notice: in the publication's language, and English
    /// beside it. RFC 5321 4.2 has answers in ASCII: the French sentence needs no accent.
    async fn no_files(&self, letter: &NewReply) -> Answer {
        let language = match publications::by_id(&self.instance, letter.publication_id).await {
            Ok(publication) => publication.map_or(Language::English, |publication| publication.language),
            Err(error) => return away(&error.into()),
        };
        let english = t(Language::English, "returns-answer-no-files");
        let mut reply = Reply::new(550, Some((5, 6, 1)), t(language, "returns-answer-no-files"));
        if language != Language::English {
            reply.lines.push(english);
        }
        reply.into()
    }
}

fn away(error: &ReturnsError) -> Answer {
    tracing::error!(%error, "a returned mail could not be taken in; its server will try again");
    Reply::new(451, Some((4, 3, 0)), "This mail cannot be kept at the moment, try again later").into()
}
