//! The receiving end: the project's sink as a process of its own, so that its work is not counted as the sender's.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use smtp::sink::{Fault, FaultStage, Misdeed, Who};
use smtp::{Limits, ListenerOptions};
use smtp::{Sink, SinkOptions};

/// How it takes mail.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// One line a mail goes there, before its 250 leaves
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// The last mail goes there at the end; keeps all of them in memory until then
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    /// Wait so long before each batch of answers, as a distant server does
    #[arg(long, value_name = "MS", default_value_t = 0)]
    round_trip: u64,
    /// Let each new connection wait so long for its greeting
    #[arg(long, value_name = "MS", default_value_t = 0)]
    slow_accept: u64,
    /// Turn away what comes above so many connections
    #[arg(long, value_name = "N")]
    connections: Option<usize>,
    /// Answer a domain's readers so, such as "mail3.example=550 5.1.1 no such user"; may be repeated
    #[arg(long, value_name = "DOMAIN=ANSWER", value_parser = domain_answer)]
    domain: Vec<(String, u16, String)>,
    /// Refuse every N-th mail so, such as "100=451 4.3.0 later"; may be repeated
    #[arg(long, value_name = "N=ANSWER", value_parser = every_answer)]
    every: Vec<(u64, u16, String)>,
    /// Neither PIPELINING nor CHUNKING
    #[arg(long)]
    plain: bool,
}

impl Options {
    fn sink(&self) -> SinkOptions {
        let domains = self.domain.iter().map(|(domain, code, text)| {
            Fault::always(FaultStage::Rcpt, Misdeed::Say(*code, text.clone())).to(Who::Domain(domain.clone()))
        });
        let every = self.every.iter().map(|(every, code, text)| {
            Fault::every(FaultStage::Message, *every, Misdeed::Say(*code, text.clone()))
        });
        let mut limits = Limits::default();
        limits.connections = self.connections.unwrap_or(limits.connections);
        SinkOptions {
            address: self.listen,
            listener: ListenerOptions {
                answer_delay: Duration::from_millis(self.round_trip),
                pipelining: !self.plain,
                chunking: !self.plain,
                limits,
                ..ListenerOptions::default()
            },
            greeting_delay: Duration::from_millis(self.slow_accept),
            faults: domains.chain(every).collect(),
            log_file: Some(self.log.clone()),
            keep_log: self.keep.is_some(),
            keep_messages: self.keep.is_some(),
            ..SinkOptions::default()
        }
    }
}

fn domain_answer(text: &str) -> Result<(String, u16, String), String> {
    let (domain, answer) = text.split_once('=').ok_or("it wants DOMAIN=ANSWER")?;
    let (code, text) = answer_of(answer)?;
    Ok((domain.to_owned(), code, text))
}

fn every_answer(text: &str) -> Result<(u64, u16, String), String> {
    let (every, answer) = text.split_once('=').ok_or("it wants N=ANSWER")?;
    let every = every.parse().ok().filter(|every| *every > 0).ok_or("N is a number from 1 on")?;
    let (code, text) = answer_of(answer)?;
    Ok((every, code, text))
}

/// `550 5.1.1 no such user`.
fn answer_of(text: &str) -> Result<(u16, String), String> {
    let (code, text) = text.split_once(' ').unwrap_or((text, "no"));
    let code = code.parse().ok().filter(|code| (400..600).contains(code));
    Ok((code.ok_or("an answer begins with a code from 400 to 599")?, text.to_owned()))
}

/// Takes mail until standard input ends.
pub(crate) fn run(options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    runtime.block_on(async {
        let sink = Sink::start(options.sink()).await.context("the sink could not start")?;
        println!("{}", sink.address());
        std::io::stdout().flush().context("nobody reads where the sink listens")?;
        let end = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        end.await.context("nobody waits for the end")?.context("standard input broke")?;
        if let Some(file) = &options.keep {
            let messages = sink.messages();
            let last = messages.last().context("no mail came, there is nothing to keep")?;
            fs::write(file, last).with_context(|| format!("{} cannot be written", file.display()))?;
        }
        sink.stop().await;
        Ok(())
    })
}

/// A sink at work in another process.
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    address: String,
    log: PathBuf,
}

impl Running {
    /// Starts one whose log is a new file; `round_trip` is milliseconds.
    pub(crate) fn start(log: &Path, keep: Option<&Path>, round_trip: u64) -> Result<Self> {
        if log.exists() {
            bail!("{} is there already; a proof needs a log of its own", log.display());
        }
        let ourselves = std::env::current_exe().context("our own program cannot be found")?;
        let mut command = Command::new(ourselves);
        command.arg("sink").arg("--log").arg(log).args(["--round-trip", &round_trip.to_string()]);
        if let Some(keep) = keep {
            command.arg("--keep").arg(keep);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the sink could not be started")?;
        let input = child.stdin.take();
        let output = child.stdout.take().context("the sink has no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address).context("the sink does not say where it listens")?;
        let address = address.trim().to_owned();
        if address.is_empty() {
            bail!("the sink ended before it listened");
        }
        Ok(Running { child, input, address, log: log.to_owned() })
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in good order; the log is complete then.
    pub(crate) fn stop(mut self) -> Result<PathBuf> {
        self.input = None;
        let status = self.child.wait().context("the sink is lost")?;
        if !status.success() {
            bail!("the sink ended with {status}");
        }
        Ok(self.log.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_given_by_domain_and_by_count() {
        assert_eq!(
            domain_answer("mail3.example=550 5.1.1 no such user").unwrap(),
            ("mail3.example".to_owned(), 550, "5.1.1 no such user".to_owned())
        );
        assert_eq!(every_answer("100=451 4.3.0 later").unwrap(), (100, 451, "4.3.0 later".to_owned()));
        for wrong in ["mail3.example", "mail3.example=250 fine", "mail3.example=no"] {
            assert!(domain_answer(wrong).is_err(), "{wrong}");
        }
        assert!(every_answer("0=451 later").is_err());
    }
}
