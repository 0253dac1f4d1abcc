//! A server for tests and benchmarks that keeps a log of all it took, and misbehaves on demand.
//!
//! Guaranteed: a mail stands in the log (and in the log file) before its 250 is sent; what the log has is what
//! was taken, also where a fault kept the answer back. Faults fire by counting, never by chance.

mod fault;
mod log;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::listener::{Answer, Envelope, Listener, ListenerOptions, Mailroom};
use crate::route::Route;

pub use fault::{Fault, FaultStage, Misdeed, Who};
pub use log::{Accepted, LogLineError};

/// Greeting and MAIL come before any recipient.
const NOBODY: &[&str] = &[];

/// How a sink behaves.
#[derive(Debug, Clone)]
pub struct SinkOptions {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// What it offers and bears; `answer_delay` there is the round trip.
    pub listener: ListenerOptions,
    /// How long a new connection waits for its greeting.
    pub greeting_delay: Duration,
    /// Checked in this order; the first that fires decides.
    pub faults: Vec<Fault>,
    /// Append one line a mail to this file too.
    pub log_file: Option<PathBuf>,
    /// Keep the log in memory; off for millions of mails.
    pub keep_log: bool,
    /// Keep the mails themselves.
    pub keep_messages: bool,
    /// The user name and password that AUTH accepts, where `listener.auth` is on.
    pub credentials: Option<(String, String)>,
}

impl Default for SinkOptions {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            listener: ListenerOptions::default(),
            greeting_delay: Duration::ZERO,
            faults: Vec::new(),
            log_file: None,
            keep_log: true,
            keep_messages: false,
            credentials: None,
        }
    }
}

/// A running sink; dropping it closes its connections at once.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    room: Arc<Room>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Sink {
    /// Binds and starts to serve.
    pub async fn start(options: SinkOptions) -> io::Result<Self> {
        let file = match &options.log_file {
            Some(path) => Some(OpenOptions::new().create(true).append(true).open(path)?),
            None => None,
        };
        let listener = Listener::bind(options.address, options.listener.clone()).await?;
        let address = listener.local_addr()?;
        let room = Arc::new(Room {
            greeting_delay: options.greeting_delay,
            keep_log: options.keep_log,
            keep_messages: options.keep_messages,
            credentials: options.credentials,
            faults: fault::Faults::new(options.faults),
            file,
            connections: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            kept: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let served = room.clone();
        let task = tokio::spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            listener.serve(served, shutdown).await;
        });
        Ok(Self { address, room, stop: Some(stop), task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A plain route to it.
    pub fn route(&self) -> Route {
        Route::plain(self.address.ip().to_string(), self.address.port())
    }

    /// How many mails it took.
    pub fn taken(&self) -> u64 {
        self.room.taken.load(Ordering::Relaxed)
    }

    /// How many connections were made.
    pub fn connections(&self) -> u64 {
        self.room.connections.load(Ordering::Relaxed)
    }

    /// The mails it took, in order.
    pub fn log(&self) -> Vec<Accepted> {
        self.room.kept().log.clone()
    }

    /// The mails themselves, in the order of [`Sink::log`]; empty without `keep_messages`.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        self.room.kept().messages.clone()
    }

    /// Stops in good order: open sessions get their grace.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The mailroom of a sink.
#[derive(Debug)]
struct Room {
    greeting_delay: Duration,
    keep_log: bool,
    keep_messages: bool,
    credentials: Option<(String, String)>,
    faults: fault::Faults,
    file: Option<File>,
    connections: AtomicU64,
    taken: AtomicU64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    log: Vec<Accepted>,
    messages: Vec<Vec<u8>>,
}

impl Room {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // What is behind the lock is whole after each push, also if a test panicked in between.
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn record(&self, connection: u64, envelope: &Envelope, message: &[u8], answered: bool) -> io::Result<()> {
        if self.file.is_some() || self.keep_log {
            let time_us = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros() as u64);
            for to in &envelope.to {
                let accepted = Accepted {
                    time_us,
                    connection,
                    answered,
                    size: message.len(),
                    to: to.as_str().into(),
                    message_id: log::message_id(message).into(),
                };
                if let Some(mut file) = self.file.as_ref() {
                    // One write of an append-only file: lines of several connections do not mix.
                    file.write_all(accepted.to_string().as_bytes())?;
                }
                if self.keep_log {
                    let mut kept = self.kept();
                    kept.log.push(accepted);
                    if self.keep_messages {
                        kept.messages.push(message.to_vec());
                    }
                }
            }
        }
        self.taken.fetch_add(envelope.to.len() as u64, Ordering::Relaxed);
        Ok(())
    }
}

impl Mailroom for Room {
    /// The number of the connection, from 1 on.
    type Visit = u64;

    async fn connect(&self, _peer: SocketAddr) -> (u64, Answer) {
        let number = self.connections.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.greeting_delay.is_zero() {
            tokio::time::sleep(self.greeting_delay).await;
        }
        (number, self.faults.answer(FaultStage::Greeting, NOBODY))
    }

    async fn authenticate(&self, _visit: &mut u64, user: &str, password: &str) -> bool {
        self.credentials.as_ref().is_some_and(|known| known.0 == user && known.1 == password)
    }

    async fn mail_from(&self, _visit: &mut u64, _from: &str) -> Answer {
        self.faults.answer(FaultStage::Mail, NOBODY)
    }

    async fn rcpt_to(&self, _visit: &mut u64, to: &str) -> Answer {
        self.faults.answer(FaultStage::Rcpt, &[to])
    }

    async fn data(&self, _visit: &mut u64, envelope: &Envelope) -> Answer {
        self.faults.answer(FaultStage::Data, &envelope.to)
    }

    async fn message(&self, visit: &mut u64, envelope: &Envelope, message: &[u8]) -> Answer {
        let refusal = self.faults.answer(FaultStage::Message, &envelope.to);
        if refusal != Answer::Accept {
            return refusal;
        }
        let silence = self.faults.answer(FaultStage::AfterMessage, &envelope.to);
        if let Err(error) = self.record(*visit, envelope, message, silence == Answer::Accept) {
            tracing::error!(%error, "the sink's log file could not be written");
            return wire::smtp::Reply::new(452, Some((4, 3, 1)), "The log cannot be written").into();
        }
        silence
    }
}
