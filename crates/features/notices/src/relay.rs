//! The ways that notices take: their own connections on the configured routes, the first that works.
//!
//! They keep no pace and count for no cap: somebody waits for each of them.

use routes::told;
use std::time::{Duration, Instant};

use instance::{Instance, RouteConfig};
use policy::answer::{self, Verdict};
use policy::breaker::{Admission, Breaker, RELAY, WORLD};
use routes::{Doors, Nowhere, Out, Route};
use smtp::{Connection, NotDelivered, Refusal, SendError, Timeouts, ungated};

use crate::model::NoticeError;

/// Somebody waits for the mail: a server that is slower than this is tried again later.
const PATIENCE: Duration = Duration::from_secs(60);
/// Servers close a connection on which nothing happens after some minutes; we leave first.
const IDLE: Duration = Duration::from_secs(45);

/// What became of one mail.
pub(crate) enum Answer {
    /// It was taken.
    Accepted {
        /// The server's code.
        code: u16,
        /// Its words.
        text: String,
    },
    /// A server refused this mail.
    Refused(Refusal),
    /// The mail itself cannot be sent by anybody, or to nobody.
    Impossible {
        /// A code of ours, where there is one.
        code: Option<u16>,
        /// Why.
        why: String,
    },
    /// No route works, or wants to speak to us: no mail's fault.
    Away(String),
    /// The connection broke while this mail was on it, or its server is not known for now.
    Broken(String),
}

/// The routes, in the order in which they are tried.
pub(crate) struct Relay {
    doors: Doors,
    ways: Vec<Way>,
}

/// A route, and perhaps an open connection on it.
struct Way {
    route: Route,
    breaker: Breaker,
    open: Option<(Connection, Instant)>,
}

/// What one route made of a mail.
enum Tried {
    Settled(Answer),
    /// The next may be better.
    Next(Answer),
}

impl Relay {
    /// The configured routes; nothing is opened yet.
    pub(crate) fn of(instance: &Instance) -> Result<Self, NoticeError> {
        let mut ways = Vec::new();
        for config in instance.config.all_routes() {
            let out = Out::parse(&config.url)
                .map_err(|error| NoticeError::Relay(format!("the route {:?}: {error}", config.name)))?;
            let plan = if out.is_direct() { WORLD } else { RELAY };
            // Notices stand in no ledger of routes: the number does not matter.
            ways.push(Way { route: Route { id: 0, config, out }, breaker: Breaker::new(plan), open: None });
        }
        if ways.is_empty() {
            return Err(NoticeError::Relay("no relay is configured (smtp_url)".to_owned()));
        }
        // What is kept for an emergency comes after the others, and relays are quicker than a search for mail servers.
        ways.sort_by_key(|way| (way.route.out.is_direct(), is_reserve(&way.route.config)));
        Ok(Relay { doors: Doors::of(instance), ways })
    }

    /// Whether any route may be tried.
    pub(crate) fn may_try(&self, now: i64) -> bool {
        self.ways.iter().any(|way| way.breaker.would_admit(now))
    }

    /// Until when all routes are left alone, if they are.
    pub(crate) fn closed_until(&self) -> Option<i64> {
        self.ways.iter().map(|way| way.breaker.open_until()).min().flatten()
    }

    /// Nothing is on its way now: a probe that met no mail must not keep the next one waiting for minutes.
    pub(crate) fn gave_up(&mut self, now: i64) {
        for way in &mut self.ways {
            way.breaker.gave_up(now);
        }
    }

    /// Hands one mail over, by the first route that takes it.
    pub(crate) async fn deliver(&mut self, now: i64, from: &str, to: &str, message: &[u8]) -> Answer {
        let mut last = None;
        for way in &mut self.ways {
            if let Admission::Wait(_) = way.breaker.admit(now) {
                continue;
            }
            match way.try_it(&self.doors, now, from, to, message).await {
                Tried::Settled(answer) => return answer,
                Tried::Next(answer) => last = Some(answer),
            }
        }
        last.unwrap_or_else(|| Answer::Away("every route is left alone for a while".to_owned()))
    }

    /// Says goodbye where nothing has happened for a while, or in any case.
    pub(crate) async fn rest(&mut self, at_once: bool) {
        for way in &mut self.ways {
            let old = way.open.as_ref().is_some_and(|(_, used)| at_once || used.elapsed() > IDLE);
            if old && let Some((connection, _)) = way.open.take() {
                connection.quit().await;
            }
        }
    }
}

fn is_reserve(config: &RouteConfig) -> bool {
    config.weight == 0
}

impl Way {
    async fn try_it(&mut self, doors: &Doors, now: i64, from: &str, to: &str, message: &[u8]) -> Tried {
        let domain = to.rsplit_once('@').map_or("", |(_, domain)| domain);
        let there = match doors.destination(&self.route, domain).await {
            Ok(there) => there,
            Err(Nowhere::Dead { code, words }) => {
                self.breaker.gave_up(now);
                return Tried::Settled(Answer::Impossible { code: Some(code), why: words });
            }
            Err(Nowhere::Later { words }) => {
                self.breaker.gave_up(now);
                return Tried::Next(Answer::Broken(words));
            }
        };
        let mut connection = match self.connection(doors, &there).await {
            Ok(connection) => connection,
            Err(error) => return self.fails(now, told(&error)),
        };
        let result = connection.deliver(from, to, message, ungated()).await;
        // Straight to the readers, the next mail is for somebody else.
        if connection.is_usable() && !self.route.out.is_direct() {
            self.open = Some((connection, Instant::now()));
        } else if connection.is_usable() {
            connection.quit().await;
        }
        match result {
            Ok(delivered) => {
                self.breaker.succeeded();
                let text = delivered.reply.lines.join(" ");
                Tried::Settled(Answer::Accepted { code: delivered.reply.code, text })
            }
            // 421 at any step is about the connection, not about the mail (RFC 5321 3.8).
            Err(NotDelivered::Refused(refusal)) if refusal.reply.is_closing() => {
                self.fails(now, refusal.reply.lines.join(" "))
            }
            Err(NotDelivered::Refused(refusal)) => match verdict(&refusal) {
                Verdict::RouteDown => self.fails(now, refusal.to_string()),
                _ => {
                    self.breaker.succeeded();
                    Tried::Settled(Answer::Refused(refusal))
                }
            },
            Err(NotDelivered::Failed(error)) if error.is_about_the_mail() => {
                self.breaker.gave_up(now);
                Tried::Settled(Answer::Impossible { code: None, why: told(&error) })
            }
            // It may have arrived: another route must not bring it a second time.
            Err(NotDelivered::Failed(error)) if error.last_byte_left() => {
                self.breaker.gave_up(now);
                Tried::Settled(Answer::Broken(told(&error)))
            }
            Err(NotDelivered::Failed(error)) => {
                self.breaker.gave_up(now);
                Tried::Next(Answer::Broken(told(&error)))
            }
            Err(NotDelivered::Gate(never)) => match never {},
        }
    }

    /// The route is at fault; straight to the readers, it is one mail server of thousands.
    fn fails(&mut self, now: i64, why: String) -> Tried {
        tracing::warn!(route = self.route.config.name, why, "a route takes no notices");
        self.breaker.failed(now);
        let answer = if self.route.out.is_direct() { Answer::Broken(why) } else { Answer::Away(why) };
        Tried::Next(answer)
    }

    async fn connection(
        &mut self,
        doors: &Doors,
        there: &routes::Destination,
    ) -> Result<Connection, SendError> {
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
        doors.open(&self.route, there, timeouts).await
    }
}

/// What a refusal means.
pub(crate) fn verdict(refusal: &Refusal) -> Verdict {
    let reply = &refusal.reply;
    answer::verdict(reply.code, reply.enhanced, &reply.lines.join(" "), stage(refusal.stage))
}

const fn stage(stage: smtp::Stage) -> answer::Stage {
    match stage {
        smtp::Stage::Greeting => answer::Stage::Connect,
        smtp::Stage::Ehlo | smtp::Stage::StartTls => answer::Stage::Ehlo,
        smtp::Stage::Auth => answer::Stage::Auth,
        smtp::Stage::Mail => answer::Stage::Mail,
        smtp::Stage::Rcpt => answer::Stage::Rcpt,
        smtp::Stage::Data => answer::Stage::Data,
        smtp::Stage::Body => answer::Stage::Body,
    }
}
