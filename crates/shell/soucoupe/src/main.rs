//! The program: one command line, one configuration, and the wiring of everything else.
//!
//! In the order of a run: the words of the command line ([`args`]), the configuration behind them ([`settings`]), the
//! log ([`logs`]), one of the [`commands`], and its end as a sentence and an exit code ([`failure`]). The command
//! `serve` lives in its own folder: routes, jobs, health, figures.
//!
//! Exit codes: 0 done; 1 done, and the answer is no (an edition that may not leave, rows still open); 2 wrong input,
//! nothing was changed; 70 a fault of ours or of the machine.

mod args;
mod commands;
mod failure;
mod logs;
mod open;
mod sending;
mod serve;
mod settings;
mod words;

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(panicked));
    let arguments = args::Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::Failure::internal(error).told(),
    };
    let run = AssertUnwindSafe(|| runtime.block_on(commands::run(arguments)));
    let ending = match catch_unwind(run) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.told(),
        Err(_) => failure::Failure::internal(anyhow::anyhow!(
            "this is a fault of the program; what was saved is kept"
        ))
        .told(),
    };
    // What still runs in the background is held by nobody: a slow name look-up must not keep the program.
    runtime.shutdown_background();
    ending
}

/// Every panic goes to the log as one line. Whoever reads our output and had enough (`| head`) is no fault at all.
fn panicked(about: &PanicHookInfo<'_>) {
    let words = about.payload_as_str().unwrap_or("no words");
    if words.starts_with("failed printing to stdout") {
        std::process::exit(0);
    }
    let place = about.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked: {words}");
}
