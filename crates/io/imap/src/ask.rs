//! A command and the answers to it.

use std::time::Duration;

use tokio::time::timeout;

use crate::answer::{Answer, Status, Verdict};
use crate::error::{ImapError, Step};
use crate::line::{Fault, Line};

/// Room for the answers to a command that fetches nothing: a search may find a million mails.
pub(crate) const ROOM: u64 = 16 * 1024 * 1024;

/// The dialogue on one connection.
pub(crate) struct Dialogue {
    pub(crate) line: Line,
    commands: u32,
}

impl Dialogue {
    pub(crate) fn new(line: Line) -> Self {
        Dialogue { line, commands: 0 }
    }

    /// The server's first line.
    pub(crate) async fn greeting(&mut self, patience: Duration) -> Result<Answer, ImapError> {
        self.line.room = ROOM;
        let greeting = within(Step::Greeting, patience, next(&mut self.line, Step::Greeting)).await?;
        match greeting.status() {
            Some(Status { tag: None, verdict: Verdict::Ok, .. }) => Ok(greeting),
            Some(Status { verdict: Verdict::Bye, words, .. }) => {
                Err(ImapError::Refused { step: Step::Greeting, words })
            }
            _ => Err(ImapError::NotImap { step: Step::Greeting, what: "a greeting without OK" }),
        }
    }

    /// Sends a command and hands out the answers to it; the OK at its end.
    pub(crate) async fn ask(
        &mut self,
        step: Step,
        patience: Duration,
        command: &str,
        each: impl FnMut(&Answer),
    ) -> Result<Status, ImapError> {
        self.ask_in_parts(step, patience, ROOM, &[command], each).await
    }

    /// The same for a command whose later parts wait for the server's go-ahead, and with other room.
    pub(crate) async fn ask_in_parts(
        &mut self,
        step: Step,
        patience: Duration,
        room: u64,
        parts: &[&str],
        each: impl FnMut(&Answer),
    ) -> Result<Status, ImapError> {
        self.line.room = room;
        self.commands += 1;
        let tag = format!("s{}", self.commands);
        within(step, patience, exchange(&mut self.line, step, &tag, parts, each)).await
    }
}

async fn exchange(
    line: &mut Line,
    step: Step,
    tag: &str,
    parts: &[&str],
    mut each: impl FnMut(&Answer),
) -> Result<Status, ImapError> {
    let lost = |source| ImapError::Lost { step, source };
    let mut parts = parts.iter();
    let first = parts.next().copied().unwrap_or_default();
    line.send(format!("{tag} {first}\r\n").as_bytes()).await.map_err(lost)?;
    let mut bye = None;
    loop {
        let answer = match next(line, step).await {
            Ok(answer) => answer,
            // The words of a farewell say more than that the line is dead.
            Err(error) => return Err(bye.unwrap_or(error)),
        };
        if answer.is_continuation() {
            // RFC 3501 7.5: a `*` gives up the command that the server has more questions about.
            let part = parts.next().copied().unwrap_or("*");
            line.send(format!("{part}\r\n").as_bytes()).await.map_err(lost)?;
            continue;
        }
        match answer.status() {
            Some(status) if status.tag.as_deref() == Some(tag) => {
                return match status.verdict {
                    Verdict::Ok => {
                        each(&answer);
                        Ok(status)
                    }
                    _ => Err(ImapError::Refused { step, words: status.words }),
                };
            }
            // RFC 3501 7.1.5: the server closes after it.
            Some(Status { tag: None, verdict: Verdict::Bye, words, .. }) if step != Step::Logout => {
                bye = Some(ImapError::Refused { step, words });
            }
            _ => each(&answer),
        }
    }
}

async fn next(line: &mut Line, step: Step) -> Result<Answer, ImapError> {
    line.answer().await.map_err(|fault| match fault {
        Fault::Lost(source) => ImapError::Lost { step, source },
        Fault::NotImap(what) => ImapError::NotImap { step, what },
    })
}

async fn within<T>(
    step: Step,
    patience: Duration,
    work: impl Future<Output = Result<T, ImapError>>,
) -> Result<T, ImapError> {
    timeout(patience, work).await.unwrap_or(Err(ImapError::Timeout(step)))
}
