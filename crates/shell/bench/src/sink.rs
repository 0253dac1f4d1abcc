//! The receiving end: the project's sink as a process of its own, so that its work is not counted as the sender's.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;
use smtp::{Sink, SinkOptions};

/// How it takes mail.
#[derive(Args)]
pub(crate) struct Options {
    /// One line a mail goes there.
    #[arg(long)]
    log: PathBuf,
    /// The last mail goes there at the end; keeps all of them in memory until then.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// Takes mail until standard input ends.
pub(crate) fn run(options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    runtime.block_on(async {
        let keeps = options.keep.is_some();
        let sink = Sink::start(SinkOptions {
            log_file: Some(options.log.clone()),
            keep_log: keeps,
            keep_messages: keeps,
            ..SinkOptions::default()
        })
        .await
        .context("the sink could not start")?;
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
    /// Starts one whose log is a new file.
    pub(crate) fn start(log: &Path, keep: Option<&Path>) -> Result<Self> {
        if log.exists() {
            bail!("{} is there already; a proof needs a log of its own", log.display());
        }
        let ourselves = std::env::current_exe().context("our own program cannot be found")?;
        let mut command = Command::new(ourselves);
        command.arg("sink").arg("--log").arg(log);
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
