//! What the ledger says after a try.

use policy::answer::{self, Verdict};
use policy::delivery::{DeliveryState, RESENDS};
use policy::retry::EDITIONS;
use smtp::{Refusal, Stage};
use wire::smtp::Reply;

use super::delivery::Delivery;
use super::ledger::Move;

/// What is kept of an answer: the first line tells nearly always.
const ANSWER: usize = 200;

/// What to do after a refusal.
pub(super) enum Next {
    /// Write it down.
    Write {
        entry: Move,
        /// It concerns the way out as well.
        route_fault: bool,
    },
    /// Nothing was said about this reader: try again when the way is open.
    Again,
}

pub(super) fn moved(delivery: &Delivery, state: DeliveryState, tries: i64) -> Move {
    Move {
        dispatch: delivery.dispatch(),
        seq: delivery.claimed.seq,
        chunk: delivery.lease.chunk().number,
        state,
        tries,
        doubts: 0,
        next_at: None,
        route: None,
        code: None,
        answer: None,
        carried: None,
    }
}

pub(super) fn accepted(delivery: &Delivery, reply: &Reply) -> Move {
    Move { code: Some(reply.code), answer: Some(short(reply)), ..moved(delivery, DeliveryState::Accepted, 0) }
}

pub(super) fn refused(delivery: &Delivery, refusal: &Refusal, now: i64) -> Next {
    let reply = &refusal.reply;
    let text = reply.lines.join(" ");
    let words = short(reply);
    match answer::verdict(reply.code, reply.enhanced, &text, stage(refusal.stage)) {
        Verdict::Bounce(_) => {
            let entry = Move {
                code: Some(reply.code),
                answer: Some(words),
                ..moved(delivery, DeliveryState::Failed, 0)
            };
            Next::Write { entry, route_fault: false }
        }
        Verdict::Defer { route } if stage(refusal.stage) >= answer::Stage::Rcpt => {
            let entry = deferred(delivery, Some(reply.code), words, now);
            Next::Write { entry, route_fault: route }
        }
        // Before RCPT the server has not heard of this reader.
        Verdict::Defer { .. } | Verdict::RouteDown | Verdict::Accepted => Next::Again,
    }
}

/// Everything left and no answer came.
pub(super) fn doubtful(delivery: &Delivery, why: &str, now: i64) -> Move {
    let why = format!("nobody knows whether it arrived: {why}");
    // A mail that goes wrong every time must not reach a reader for ever, nor be called refused: nobody refused it.
    if delivery.press.resend && delivery.claimed.doubts < i64::from(RESENDS) {
        let again = deferred(delivery, None, why.clone(), now);
        if again.state == DeliveryState::Deferred {
            return Move { doubts: 1, ..again };
        }
    }
    Move { answer: Some(cut(why)), ..moved(delivery, DeliveryState::InDoubt, 0) }
}

/// The connection broke again and again before the mail was over.
pub(super) fn later(delivery: &Delivery, why: &str, now: i64) -> Move {
    deferred(delivery, None, why.to_owned(), now)
}

/// It waits for its turn and has not been tried: what was said of an earlier try stays.
pub(super) fn waiting(delivery: &Delivery, next_at: i64) -> Move {
    let state = if delivery.claimed.tries > 0 { DeliveryState::Deferred } else { DeliveryState::Pending };
    Move { next_at: Some(next_at), ..moved(delivery, state, 0) }
}

/// There is no mail to send to this reader.
pub(super) fn unmade(delivery: &Delivery, why: &str) -> Move {
    Move { answer: Some(cut(why.to_owned())), ..moved(delivery, DeliveryState::Failed, 0) }
}

/// No server would take this mail as it is.
pub(super) fn unfit(delivery: &Delivery, why: &str) -> Move {
    Move { answer: Some(cut(why.to_owned())), ..moved(delivery, DeliveryState::Failed, 0) }
}

fn deferred(delivery: &Delivery, code: Option<u16>, why: String, now: i64) -> Move {
    let tries = u32::try_from(delivery.claimed.tries + 1).unwrap_or(u32::MAX);
    let entry = match next_try(tries, now, jitter(delivery.claimed.seq)) {
        Some(next_at) => Move { next_at: Some(next_at), ..moved(delivery, DeliveryState::Deferred, 0) },
        None => moved(delivery, DeliveryState::Failed, 0),
    };
    Move { code, answer: Some(cut(why)), ..entry }
}

/// The schedule counted in tries and not from the day the dispatch began: hours in which it was paused, or the relay
/// was away, cost a reader none of them.
fn next_try(tries: u32, now: i64, jitter: u32) -> Option<i64> {
    let mut passed = 0;
    for number in 1..tries {
        passed = EDITIONS.next_try(0, number, passed, 0)?;
    }
    EDITIONS.next_try(now - passed, tries, now, jitter)
}

/// Spreads readers that were deferred together. Golden-ratio hashing: neighbours end up far apart.
fn jitter(seq: i64) -> u32 {
    (seq.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The server's words behind its enhanced code: what came back is judged by both.
fn short(reply: &Reply) -> String {
    let words = reply.lines.join(" ");
    cut(match reply.enhanced {
        Some((class, subject, detail)) => format!("{class}.{subject}.{detail} {words}"),
        None => words,
    })
}

fn cut(mut text: String) -> String {
    // A NUL would be refused by PostgreSQL, and a line end would break the list it is shown in.
    if text.contains(char::is_control) {
        text = text.replace(char::is_control, " ");
    }
    if text.len() > ANSWER {
        let end = (0..=ANSWER).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
    }
    text
}

const fn stage(stage: Stage) -> answer::Stage {
    match stage {
        Stage::Greeting => answer::Stage::Connect,
        Stage::Ehlo | Stage::StartTls => answer::Stage::Ehlo,
        Stage::Auth => answer::Stage::Auth,
        Stage::Mail => answer::Stage::Mail,
        Stage::Rcpt => answer::Stage::Rcpt,
        Stage::Data => answer::Stage::Data,
        Stage::Body => answer::Stage::Body,
    }
}

#[cfg(test)]
mod tests {
    use policy::HOUR;

    use super::*;

    #[test]
    fn a_reader_is_tried_for_two_days_however_long_the_dispatch_was_paused() {
        let waits: Vec<_> = (1..17).map(|tries| next_try(tries, 7 * HOUR, 0)).collect();
        assert!(waits[..15].iter().all(|at| at.is_some_and(|at| at > 7 * HOUR)), "{waits:?}");
        assert_eq!(waits[15], None);
    }
}
