//! Watching a dispatch from the terminal, and sending it from here where no server does.

pub mod moment;

use std::io::{IsTerminal, Write};
use std::pin::pin;
use std::time::Duration;

use dispatch::Status;
use instance::{Instance, Process};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::failure::Failure;
use crate::{open, serve, words};

/// How often the numbers are read.
const LOOK: Duration = Duration::from_millis(250);
/// How often they are shown.
const SHOW: Duration = Duration::from_secs(1);
/// A relay that has been refusing everybody for so long is not waited for at a terminal.
const PATIENCE: Duration = Duration::from_secs(60);
/// A server that looks twice a second has no excuse after so many microseconds.
const OVERDUE: i64 = 30_000_000;
/// After an end was asked for, mails on the wire have so long to arrive.
const DRAIN: Duration = Duration::from_secs(9);

/// Watches a dispatch that a server sends.
pub async fn watch(instance: &Instance, id: i64) -> Result<(), Failure> {
    told(id, &follow(instance, id, true).await?, true)
}

/// Sends from this process until nothing more can leave. With `wait` the exit code tells whether all is done.
pub async fn send_here(instance: &Instance, id: i64, wait: bool) -> Result<(), Failure> {
    let process = Process::announce(instance, "send").await?;
    let (stop, stopped) = watch::channel(false);
    let mut sender = tokio::spawn(dispatch::run(instance.clone(), process.clone(), stopped));
    let end = tokio::select! {
        end = follow(instance, id, false) => end,
        () = serve::beat(instance.clone(), process.clone()) => {
            Err(Failure::internal(anyhow::anyhow!("the database was out of reach for too long; what was sent is noted")))
        }
        ended = &mut sender => match ended {
            Ok(Err(error)) => Err(error.into()),
            other => Err(Failure::internal(anyhow::anyhow!("the sender ended by itself: {other:?}"))),
        },
    };
    let _ = stop.send(true);
    if !sender.is_finished() && tokio::time::timeout(DRAIN, sender).await.is_err() {
        tracing::warn!("mails on the wire were cut off; they are noted as in doubt");
    }
    process.leave(instance).await?;
    // The last mails arrived while we were stopping.
    let end = match end? {
        End::Over(_) => End::Over(dispatch::status(instance, id).await?),
        End::Stuck(_, why) => End::Stuck(dispatch::status(instance, id).await?, why),
    };
    told(id, &end, wait)
}

/// How watching ended.
enum End {
    /// The dispatch is finished or stopped.
    Over(Status),
    /// It is not, and nothing moves; the sentence says why.
    Stuck(Status, String),
}

/// Ctrl-C or SIGTERM ends it: what was sent is noted, the rest waits.
/// `by_server` also ends it when that server has gone, or leaves what is due alone.
async fn follow(instance: &Instance, id: i64, by_server: bool) -> Result<End, Failure> {
    let due_at = dispatch::by_id(instance, id).await?.scheduled_at;
    let mut interrupted = pin!(serve::asked_to_stop());
    let mut line = ProgressLine::default();
    let mut shown: Option<Instant> = None;
    let mut troubled: Option<Instant> = None;
    loop {
        let looked = Instant::now();
        let status = dispatch::status(instance, id).await?;
        // The numbers are counted: of a million rows that takes a while, and is not to take the sender's time.
        let rest = LOOK.max(looked.elapsed() * 30);
        if shown.is_none_or(|at| at.elapsed() >= SHOW) {
            shown = Some(Instant::now());
            line.show(&status);
        }
        troubled = status.trouble.is_some().then(|| troubled.unwrap_or_else(Instant::now));
        let patient = troubled.is_none_or(|since| since.elapsed() < PATIENCE);
        if matches!(status.state, "finished" | "stopped") {
            line.end(&status);
            return Ok(End::Over(status));
        }
        let why = match stuck(&status, patient) {
            None if by_server => left_alone(instance, &status, due_at).await?,
            other => other,
        };
        if let Some(why) = why {
            line.end(&status);
            return Ok(End::Stuck(status, why));
        }
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = &mut interrupted => {
                line.end(&status);
                return Ok(End::Stuck(status, "it was interrupted".to_owned()));
            }
        }
    }
}

/// Why nothing will move soon, if nothing will.
fn stuck(status: &Status, patient: bool) -> Option<String> {
    let under_way = status.pending - status.waiting + status.claimed;
    match status.state {
        "paused" => Some("it is paused".to_owned()),
        "held" => Some(format!(
            "{} deliveries in doubt are held (`soucoupe dispatch resend-doubted {}` sends them once more)",
            words::number(status.in_doubt),
            status.id
        )),
        "sending" if status.deferred > 0 && under_way + status.in_doubt == 0 => {
            Some(format!("{} put off by their servers, tried again later", words::readers(status.deferred)))
        }
        "sending" if status.waiting > 0 && under_way + status.in_doubt == 0 => {
            Some(format!("{} wait for their hour, or for a day with room", words::readers(status.waiting)))
        }
        "sending" if !patient => {
            let trouble = status.trouble.as_deref().unwrap_or("the relay refuses everybody");
            Some(format!("the relay takes nothing ({trouble}); nobody was lost"))
        }
        _ => None,
    }
}

/// Why a server does not send what it should.
async fn left_alone(instance: &Instance, status: &Status, due_at: i64) -> Result<Option<String>, Failure> {
    if !open::is_served(instance).await? {
        return Ok(Some("the server that sent it has stopped".to_owned()));
    }
    let late = instance.now_us() - due_at > OVERDUE;
    let idle = late && status.state == "scheduled";
    Ok(idle.then(|| "the server leaves it alone: has it a relay (SOUCOUPE_SMTP_URL)?".to_owned()))
}

fn told(id: i64, end: &End, wait: bool) -> Result<(), Failure> {
    match end {
        End::Over(status) if status.open() == 0 => Ok(()),
        End::Over(status) => {
            let left = words::number(status.open());
            Err(Failure::refused(format!("dispatch {id} is {}: {left} deliveries stay open", status.state)))
        }
        End::Stuck(status, why) => {
            let (left, go_on) = (words::number(status.open()), "`soucoupe serve` goes on with it");
            let sentence = format!("dispatch {id} is not done: {why}; {left} deliveries are open, {go_on}");
            if wait {
                return Err(Failure::refused(sentence));
            }
            eprintln!("{sentence}.");
            Ok(())
        }
    }
}

/// One line, rewritten on a terminal, repeated elsewhere when it says something new.
#[derive(Default)]
struct ProgressLine {
    last: String,
}

impl ProgressLine {
    fn show(&mut self, status: &Status) {
        let line = sentence(status);
        if line == self.last {
            return;
        }
        if std::io::stderr().is_terminal() {
            eprint!("\r\x1b[K{line}");
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
        self.last = line;
    }

    fn end(&mut self, status: &Status) {
        self.show(status);
        if std::io::stderr().is_terminal() {
            eprintln!();
        }
    }
}

fn sentence(status: &Status) -> String {
    let sent = words::number(status.accepted);
    let mut line = format!("{}: {sent} of {} sent", status.state, words::number(status.readers));
    for (number, what) in
        [(status.deferred, "put off"), (status.failed, "failed"), (status.in_doubt, "on the wire")]
    {
        if number > 0 {
            line.push_str(&format!(", {} {what}", words::number(number)));
        }
    }
    if status.rate > 0.0 {
        line.push_str(&format!(", {:.0} mails/s", status.rate));
    }
    if let Some(seconds) = status.seconds_left {
        line.push_str(&format!(", {} left", words::duration(seconds)));
    }
    if let Some(trouble) = &status.trouble {
        line.push_str(&format!("; waiting for the relay: {trouble}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(state: &'static str) -> Status {
        Status {
            id: 1,
            state,
            readers: 10,
            left_out: 0,
            pending: 0,
            waiting: 0,
            claimed: 0,
            in_doubt: 0,
            accepted: 10,
            deferred: 0,
            failed: 0,
            doubted: 0,
            rate: 0.0,
            seconds_left: None,
            started_at: None,
            finished_at: None,
            trouble: None,
            routes: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn waiting_ends_well_only_when_no_row_is_open() {
        assert!(told(1, &End::Over(status("finished")), true).is_ok());
        let open = Status { pending: 1, ..status("stopped") };
        assert!(told(1, &End::Over(open), true).is_err());
        let stuck = || End::Stuck(Status { deferred: 2, ..status("sending") }, "put off".to_owned());
        assert!(told(1, &stuck(), true).is_err());
        assert!(told(1, &stuck(), false).is_ok());
    }

    #[test]
    fn what_will_not_move_soon_is_not_waited_for() {
        assert!(stuck(&status("sending"), true).is_none());
        assert!(stuck(&status("paused"), true).is_some());
        assert!(stuck(&Status { in_doubt: 1, ..status("held") }, true).is_some());
        assert!(stuck(&Status { deferred: 1, pending: 1, ..status("sending") }, true).is_none());
        assert!(stuck(&Status { deferred: 1, ..status("sending") }, true).is_some());
        assert!(stuck(&Status { pending: 1, ..status("sending") }, false).is_some());
    }
}
