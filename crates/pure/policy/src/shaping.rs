//! How hard one may knock at a provider's door, and what is learnt from its complaints.
//!
//! A provider that says "slower" is obeyed at once and believed for long: the rate is halved, and raised again by a
//! quarter at a time, never doubled. What it says about one mail it says about all, so the answers to what was on the
//! wire already count as one complaint.

use crate::{HOUR, MINUTE, SECOND};

/// What a provider takes from a stranger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Connections at once.
    pub connections: u16,
    /// Mails on one of them.
    pub mails_per_connection: u32,
    /// Mails a second; infinite where nothing limits it.
    pub per_second: f64,
}

/// For whoever is not known: what mail servers of any size take without a word.
pub const USUAL: Shape = Shape { connections: 10, mails_per_connection: 100, per_second: 100.0 };

/// The seed for a provider; what it says later is learnt.
pub fn seed(provider: &str) -> Shape {
    let (connections, mails_per_connection, per_second) = match provider {
        "gmail" => (5, 50, 100.0),
        "yahoo" => (10, 20, 100.0),
        "outlook" | "microsoft365" => (5, 50, 100.0),
        "apple" => (10, 5, 50.0),
        "comcast" => (25, 1_000, 100.0),
        // French access providers count connections, and few of them.
        "orange" => (2, 100, 10.0),
        "free" | "laposte" | "sfr" | "bouygues" => (2, 50, 10.0),
        "gmx" | "t-online" => (4, 50, 20.0),
        "proton" => (5, 50, 50.0),
        _ => return USUAL,
    };
    Shape { connections, mails_per_connection, per_second }
}

/// What an answer asks of the way, beside what it says about the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Fewer a second.
    Slower,
    /// One connection and a trickle: "temporarily deferred", "rate limited".
    Trickle,
    /// Nothing for hours.
    Stop,
}

const TRICKLE: &[&str] = &[
    "temporarily deferred",
    "temporarily rate limited",
    "temporarily rate-limited",
    "rate limited due to",
    "rate limit exceeded",
    "unusual rate of",
    "unusually high rate",
    "too many messages",
    "temporarily blocked",
    "throttl",
];
const SLOWER: &[&str] = &[
    "too many connections",
    "too many concurrent",
    "too many sessions",
    "connection limit",
    "connections from your host",
    "ratelimit",
    "rate limit",
    "rate-limit",
    "slow down",
    "too fast",
    "try again later due to volume",
];
/// A word of a complaint beyond this is not looked for.
const LONGEST: usize = 500;

/// Reads what an answer asks of the way. Nothing where it only speaks of this mail or this reader.
pub fn wish(code: u16, enhanced: Option<(u8, u16, u16)>, text: &str) -> Option<Wish> {
    if !(400..500).contains(&code) {
        return None;
    }
    let text: String = text.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    // Yahoo names its own reasons: TSS04 and TSS05 hold for hours, TSS01 to TSS03 and TS01 to TS03 too.
    if text.contains("[ts0") || text.contains("[tss0") {
        return Some(Wish::Stop);
    }
    if has(TRICKLE) {
        return Some(Wish::Trickle);
    }
    let policy = enhanced.is_some_and(|(class, subject, detail)| {
        // x.7.x is about who sends; 4.7.1 alone is greylisting, which is about this mail only.
        class == 4 && subject == 7 && !matches!(detail, 0 | 1)
    });
    // RFC 5321 3.8: 421 closes the connection; RFC 3463 3.5: x.4.5 is congestion, x.3.2 "not accepting".
    let busy = matches!(enhanced, Some((4, 4, 5)) | Some((4, 3, 2)));
    (code == 421 || policy || busy || has(SLOWER)).then_some(Wish::Slower)
}

/// The rate never falls below this by halving: one mail a minute shows whether the door is open.
const LEAST: f64 = 1.0 / 60.0;
/// After each complaint nothing leaves for so long.
const BREATH: i64 = 30 * SECOND;
/// Complaints within this time are one: they answer what was on the wire.
const ONE_COMPLAINT: i64 = 30 * SECOND;
/// How long a rate is kept before it is raised.
const STEP: i64 = 5 * MINUTE;
/// By how much it is raised: never doubled.
const RAISE: f64 = 1.25;
/// How long a trickle lasts.
const TRICKLES: i64 = 90 * MINUTE;
/// How long nothing leaves after [`Wish::Stop`].
const STOPS: i64 = 2 * HOUR;
/// Where nothing limits a way, it is free again when it may be so many times as fast as when it was complained about.
const FREE_AGAIN: f64 = 4.0;

/// What was learnt about a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// Mails a second; none: nothing was ever complained about, or it is forgotten.
    limit: Option<f64>,
    /// The rate at which the limit is lifted.
    full: f64,
    /// Nothing leaves before.
    paused_until: i64,
    /// Until then one connection and a trickle.
    trickle_until: i64,
    /// When the last complaint came that counted.
    told_at: i64,
    /// When the rate last changed.
    changed_at: i64,
}

/// What may be done now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowed {
    /// Connections at once.
    pub connections: u16,
    /// Mails a second.
    pub per_second: f64,
    /// Nothing before this moment.
    pub not_before: i64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

impl Backoff {
    /// Nothing was complained about yet.
    pub const fn new() -> Self {
        Backoff {
            limit: None,
            full: f64::INFINITY,
            paused_until: i64::MIN,
            trickle_until: i64::MIN,
            told_at: i64::MIN,
            changed_at: i64::MIN,
        }
    }

    /// A complaint. `rate` is how many a second were really sent before it. False when it was the echo of one that
    /// counted already.
    pub fn complained(&mut self, wish: Wish, shape: Shape, rate: f64, now: i64) -> bool {
        let again =
            self.told_at != i64::MIN && (0..ONE_COMPLAINT).contains(&now.saturating_sub(self.told_at));
        if again && !self.is_worse(wish, now) {
            return false;
        }
        let was = self.limit.unwrap_or(f64::INFINITY).min(shape.per_second);
        let was = if was.is_finite() && rate < LEAST { was } else { was.min(rate.max(LEAST)) };
        if self.limit.is_none() {
            self.full = if shape.per_second.is_finite() { shape.per_second } else { was * FREE_AGAIN };
        }
        self.limit = Some((was / 2.0).max(LEAST));
        self.told_at = now;
        self.changed_at = now;
        match wish {
            Wish::Slower => self.paused_until = self.paused_until.max(now.saturating_add(BREATH)),
            Wish::Trickle => self.trickle_until = self.trickle_until.max(now.saturating_add(TRICKLES)),
            Wish::Stop => self.paused_until = self.paused_until.max(now.saturating_add(STOPS)),
        }
        true
    }

    /// A mail was taken: when that has been so for a while, a little more is tried.
    pub fn accepted(&mut self, now: i64) {
        let Some(limit) = self.limit else { return };
        // A clock that went back must not keep the rate down for ever.
        let passed = now.saturating_sub(self.changed_at);
        if (0..STEP).contains(&passed) || now < self.trickle_until {
            return;
        }
        self.changed_at = now;
        let raised = limit * RAISE;
        self.limit = (raised < self.full).then_some(raised);
    }

    /// What may be done now.
    pub fn allowed(&self, shape: Shape, now: i64) -> Allowed {
        let free = Allowed {
            connections: shape.connections.max(1),
            per_second: shape.per_second,
            not_before: i64::MIN,
        };
        let Some(limit) = self.limit else { return free };
        let not_before = if self.paused_until > now { self.paused_until } else { i64::MIN };
        if now < self.trickle_until {
            return Allowed { connections: 1, per_second: LEAST, not_before };
        }
        let share = if self.full.is_finite() && self.full > 0.0 { (limit / self.full).min(1.0) } else { 1.0 };
        let connections = (f64::from(shape.connections) * share).ceil().max(1.0) as u16;
        Allowed {
            connections: connections.min(shape.connections.max(1)),
            per_second: limit.min(shape.per_second),
            not_before,
        }
    }

    /// Whether less than all is allowed at the moment.
    pub fn holds_back(&self) -> bool {
        self.limit.is_some()
    }

    fn is_worse(&self, wish: Wish, now: i64) -> bool {
        match wish {
            Wish::Slower => false,
            Wish::Trickle => {
                self.trickle_until <= now && self.paused_until < now.saturating_add(BREATH + SECOND)
            }
            Wish::Stop => self.paused_until < now.saturating_add(STOPS / 2),
        }
    }
}

#[cfg(test)]
mod tests;
