//! Taking mail in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use instance::Instance;
use mail_parser::MessageParser;
use smtp::{Answer, Envelope, Listener, ListenerOptions, Mailroom};
use store::params;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wire::smtp::Reply;

use crate::model::CatcherError;
use crate::queries;

/// How many mails are kept: enough to look at, little enough to stay small.
pub const KEPT: i64 = 2_000;
/// Old mails are thrown away once in so many.
const PRUNE_EVERY: u64 = 250;

/// A catcher that runs. Dropping it closes its connections at once.
#[derive(Debug)]
pub struct Catcher {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Catcher {
    /// The relay that leads here.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Stops in good order: mails that are arriving may arrive.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts to take mail. It takes everything from everyone: give it an address that only this machine reaches.
pub async fn start(instance: &Instance, address: SocketAddr) -> Result<Catcher, CatcherError> {
    let refused = |source| CatcherError::Listen { address, source };
    let options = ListenerOptions { hostname: "catcher.localhost".to_owned(), ..ListenerOptions::default() };
    let listener = Listener::bind(address, options).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    instance.store.execute(queries::PRUNE, params![KEPT]).await?;
    let room = Arc::new(Room { instance: instance.clone(), taken: AtomicU64::new(0) });
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let shutdown = async {
            let _ = stopped.await;
        };
        listener.serve(room, shutdown).await;
    });
    Ok(Catcher { address: bound, stop: Some(stop), task })
}

struct Room {
    instance: Instance,
    taken: AtomicU64,
}

impl Mailroom for Room {
    type Visit = ();

    async fn connect(&self, _: SocketAddr) -> ((), Answer) {
        ((), Answer::Accept)
    }

    async fn message(&self, (): &mut (), envelope: &Envelope, message: &[u8]) -> Answer {
        let size = i64::try_from(message.len()).unwrap_or(i64::MAX);
        let values = params![
            self.instance.now_us(),
            &envelope.from,
            envelope.to.join(", "),
            subject(message),
            size,
            message
        ];
        if let Err(error) = self.instance.store.execute(queries::KEEP, values).await {
            tracing::error!(%error, "a mail could not be kept");
            return Reply::new(451, Some((4, 3, 0)), "The box cannot be written, try again later").into();
        }
        if (self.taken.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(PRUNE_EVERY)
            && let Err(error) = self.instance.store.execute(queries::PRUNE, params![KEPT]).await
        {
            tracing::warn!(%error, "old mails could not be thrown away");
        }
        Answer::Accept
    }
}

/// The subject as people read it. PostgreSQL keeps no NUL in text.
fn subject(message: &[u8]) -> String {
    let parsed = MessageParser::default().parse_headers(message);
    let subject = parsed.as_ref().and_then(|mail| mail.subject()).unwrap_or_default();
    subject.replace('\0', "")
}
