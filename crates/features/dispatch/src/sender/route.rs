//! The way out: the relay, whether it answers, and what it last refused to everybody.

use std::sync::{Mutex, PoisonError};

use instance::{Instance, Signing};
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
    /// Who signs what leaves here.
    pub(super) signing: Signing,
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
            signing: Signing::Ours,
            pace: Pace::of(instance.config.rate),
        }
    }

    /// Whether a connection may be tried now.
    pub(super) fn admit(&self, now: i64) -> Admission {
        self.breaker().admit(now)
    }

    /// The probe ended without a word about the way.
    pub(super) fn gave_up(&self, now: i64) {
        self.breaker().gave_up(now);
    }

    pub(super) async fn connect(&self) -> Result<Connection, SendError> {
        Connection::open(&self.route, &self.ehlo, Timeouts::default()).await
    }

    pub(super) fn works(&self) {
        self.breaker().succeeded();
        self.note(None);
    }

    pub(super) fn fails(&self, now: i64, why: String) {
        self.breaker().failed(now);
        if self.note(Some(why.clone())) {
            // Once, not for each connection and each try: it is over when the words change or a mail gets through.
            tracing::warn!(relay = %self.route, why, "the relay cannot be used");
        }
    }

    /// Whether this is new.
    fn note(&self, why: Option<String>) -> bool {
        let mut trouble = self.trouble();
        let new = trouble.0 != why;
        if new {
            *trouble = (why, true);
        }
        new
    }

    /// Puts the present trouble, or its end, where the status shows it.
    pub(super) async fn report(&self, instance: &Instance) -> Result<(), StoreError> {
        let (why, news) = self.trouble().clone();
        // While there is trouble it is told again and again: to dispatches that began after the relay went away.
        if news || why.is_some() {
            instance.store.execute(queries::TROUBLE, params![why.clone()]).await?;
            let mut trouble = self.trouble();
            trouble.1 &= trouble.0 != why;
        }
        Ok(())
    }

    fn trouble(&self) -> std::sync::MutexGuard<'_, (Option<String>, bool)> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
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
