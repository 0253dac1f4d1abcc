//! One pass: take what is due in hand, hand it to the relay, write down what became of it.

use instance::{Instance, Process};
use policy::answer::Verdict;
use policy::retry::NOTICES;
use store::{Row, StoreError, params};

use crate::model::{NoticeError, Passed};
use crate::queries;
use crate::relay::{self, Answer, Relay};

/// So many are in hand at once: few, so that another process can help with the rest.
const BATCH: i64 = 20;
/// How soon a relay that was away is tried again, while nothing says that it is down.
const SOON: i64 = 5 * policy::SECOND;

/// Who carries notices to the relay.
pub(crate) struct Courier<'a> {
    instance: &'a Instance,
    process: &'a Process,
    relay: Relay,
}

/// A notice in hand.
struct InHand {
    id: i64,
    sender: String,
    recipient: String,
    message: Vec<u8>,
    tries: u32,
}

impl InHand {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(InHand {
            id: row.int(0)?,
            sender: row.text(1)?,
            recipient: row.text(2)?,
            message: row.bytes(3)?,
            tries: u32::try_from(row.int(4)?).unwrap_or(u32::MAX),
        })
    }
}

impl<'a> Courier<'a> {
    pub(crate) fn new(instance: &'a Instance, process: &'a Process) -> Result<Self, NoticeError> {
        Ok(Courier { instance, process, relay: Relay::of(instance)? })
    }

    /// Delivers what is due until nothing is, the relay is away, or `stop` says so.
    pub(crate) async fn pass(&mut self, stop: impl Fn() -> bool) -> Result<Passed, NoticeError> {
        let passed = self.until_done(stop).await;
        self.relay.gave_up(self.instance.now_us());
        passed
    }

    async fn until_done(&mut self, stop: impl Fn() -> bool) -> Result<Passed, NoticeError> {
        self.return_from_the_dead().await?;
        let mut passed = Passed::default();
        while !stop() {
            if !self.relay.may_try(self.instance.now_us()) {
                break;
            }
            let values = params![self.process.id, self.instance.now_us(), BATCH];
            let rows = self.instance.store.write(queries::CLAIM, values).await?;
            if rows.is_empty() {
                break;
            }
            let batch = rows.iter().map(InHand::from_row).collect::<Result<Vec<_>, _>>()?;
            if !self.batch(&batch, &stop, &mut passed).await? {
                break;
            }
        }
        Ok(passed)
    }

    /// Says goodbye to the relay when nothing has happened for a while, or in any case.
    pub(crate) async fn rest(&mut self, at_once: bool) {
        self.relay.rest(at_once).await;
    }

    /// False when the rest was given back.
    async fn batch(
        &mut self,
        batch: &[InHand],
        stop: &impl Fn() -> bool,
        passed: &mut Passed,
    ) -> Result<bool, NoticeError> {
        for (number, notice) in batch.iter().enumerate() {
            if stop() {
                self.give_back(&batch[number..], self.instance.now_us()).await?;
                return Ok(false);
            }
            let now = self.instance.now_us();
            let answer = self.relay.deliver(now, &notice.sender, &notice.recipient, &notice.message).await;
            if !self.write_down(notice, answer, passed).await? {
                passed.deferred += (batch.len() - number) as u64;
                let again = self.relay.closed_until().unwrap_or(self.instance.now_us() + SOON);
                self.give_back(&batch[number..], again).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// False when the answer is about the way and not about this notice, which then is as it was.
    async fn write_down(
        &mut self,
        notice: &InHand,
        answer: Answer,
        passed: &mut Passed,
    ) -> Result<bool, NoticeError> {
        match answer {
            Answer::Accepted { code, text } => {
                passed.accepted += 1;
                self.settle(queries::ACCEPT, notice, Some(code), &text).await?;
            }
            Answer::Refused(refusal) => {
                let reply = &refusal.reply;
                let text = reply.lines.join(" ");
                match relay::verdict(&refusal) {
                    Verdict::Bounce(_) => {
                        passed.failed += 1;
                        self.settle(queries::FAIL, notice, Some(reply.code), &text).await?;
                    }
                    Verdict::Accepted | Verdict::Defer { .. } | Verdict::RouteDown => {
                        self.later(notice, Some(reply.code), &text, passed).await?;
                    }
                }
            }
            Answer::Impossible { code, why } => {
                passed.failed += 1;
                self.settle(queries::FAIL, notice, code, &why).await?;
            }
            // It may have arrived: a second copy has the same Message-ID.
            Answer::Broken(why) => self.later(notice, None, &why, passed).await?,
            Answer::Away(why) => {
                tracing::warn!(why, "the relay is away; notices wait");
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn later(
        &self,
        notice: &InHand,
        code: Option<u16>,
        answer: &str,
        passed: &mut Passed,
    ) -> Result<(), NoticeError> {
        let jitter = u32::from_be_bytes(self.instance.random::<4>());
        match next_try(notice.tries, self.instance.now_us(), jitter) {
            Some(at) => {
                passed.deferred += 1;
                let values = params![notice.id, at, code, answer, self.process.id];
                self.instance.store.execute(queries::DEFER, values).await?;
            }
            None => {
                passed.failed += 1;
                self.settle(queries::FAIL, notice, code, answer).await?;
            }
        }
        Ok(())
    }

    async fn settle(
        &self,
        query: store::Query,
        notice: &InHand,
        code: Option<u16>,
        answer: &str,
    ) -> Result<(), NoticeError> {
        // The words are forgotten: they hold a link that is as good as a key.
        let values = params![notice.id, code, answer, Vec::<u8>::new(), self.process.id];
        self.instance.store.execute(query, values).await?;
        Ok(())
    }

    async fn give_back(&self, notices: &[InHand], at: i64) -> Result<(), NoticeError> {
        let ids = notices.iter().map(|notice| notice.id.to_string()).collect::<Vec<_>>().join(",");
        let values = params![self.process.id, format!("[{ids}]"), at];
        self.instance.store.execute(queries::GIVE_BACK, values).await?;
        Ok(())
    }

    async fn return_from_the_dead(&self) -> Result<(), NoticeError> {
        let now = self.instance.now_us();
        let processes = Process::all(self.instance).await?;
        // Our own number among them: between two passes nothing is in our hand, so what bears it was left by a pass
        // that failed, or by one who had the number before us.
        let dead = processes.iter().filter(|other| other.id == self.process.id || !other.lives(now));
        let dead = dead.map(|process| process.id.to_string()).collect::<Vec<_>>().join(",");
        let values = params![now, format!("[{dead}]")];
        self.instance.store.execute(queries::RETURN_FROM_THE_DEAD, values).await?;
        Ok(())
    }
}

/// The schedule counted in tries, not from the day it was queued: a relay that was away costs no try.
fn next_try(tries: u32, now: i64, jitter: u32) -> Option<i64> {
    let mut passed = 0;
    for number in 1..tries {
        passed = NOTICES.next_try(0, number, passed, 0)?;
    }
    NOTICES.next_try(now - passed, tries, now, jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_tried_seven_times_however_long_the_relay_was_away() {
        let minutes = |tries| next_try(tries, 0, 0).map(|at| at / policy::MINUTE);
        let waits: Vec<_> = (1..9).map(minutes).collect();
        assert_eq!(waits, [Some(1), Some(2), Some(4), Some(8), Some(8), Some(7), None, None]);
    }
}
