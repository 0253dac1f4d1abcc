//! The way out: the relay, whether it answers, and what it last refused to everybody.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use instance::Instance;
use policy::breaker::{Admission, Breaker, RELAY};
use smtp::{Connection, Route, SendError, Timeouts};
use store::{StoreError, params};

use super::pace::Pace;
use crate::queries;

/// A relay shared by all lines.
pub(super) struct Way {
    route: Route,
    ehlo: String,
    breaker: Mutex<Breaker>,
    /// What it refuses to all; told to the database when it changes.
    trouble: Mutex<(Option<String>, bool)>,
    /// The pace of this way.
    pub(super) pace: Pace,
}

impl Way {
    pub(super) fn open(instance: &Instance, route: Route) -> Self {
        Way {
            route,
            ehlo: instance.config.mail_domain(),
            breaker: Mutex::new(Breaker::new(RELAY)),
            // Nothing is known yet: an old trouble in the database is told to be over.
            trouble: Mutex::new((None, true)),
            pace: Pace::of(instance.config.rate),
        }
    }

    /// How long to wait before a connection may be tried; nothing when it may be tried now.
    pub(super) fn admit(&self, now: i64) -> Option<Duration> {
        match self.breaker().admit(now) {
            Admission::Pass | Admission::Probe => None,
            Admission::Wait(until) => {
                // Looks again in between: a probe of another line may open the way sooner.
                let wait = Duration::from_micros(until.saturating_sub(now).max(1).unsigned_abs());
                Some(wait.min(Duration::from_secs(1)))
            }
        }
    }

    pub(super) async fn connect(&self) -> Result<Connection, SendError> {
        Connection::open(&self.route, &self.ehlo, Timeouts::default()).await
    }

    pub(super) fn works(&self) {
        self.breaker().succeeded();
        self.note(None);
    }

    pub(super) fn fails(&self, now: i64, why: String) {
        tracing::warn!(relay = %self.route, why, "the relay cannot be used");
        self.breaker().failed(now);
        self.note(Some(why));
    }

    fn note(&self, why: Option<String>) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if trouble.0 != why {
            *trouble = (why, true);
        }
    }

    /// Puts the present trouble, or its end, where the status shows it.
    pub(super) async fn report(&self, instance: &Instance) -> Result<(), StoreError> {
        let news = {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut trouble.1).then(|| trouble.0.clone())
        };
        if let Some(why) = news {
            instance.store.execute(queries::TROUBLE, params![why]).await?;
        }
        Ok(())
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole chain of an error, since `SendError` keeps the reason below.
pub(super) fn told(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}
