//! The stopwatch of the house, behind `cargo xtask bench`.
//!
//! `bench send` makes a fresh instance with the command line, lets the real program send an edition to the project's
//! own sink in another process, pushes the same bytes with a bare client at the same sink, and shows both beside each
//! other. `bench sink` and `bench bare` are those two other processes.
//!
//! Guaranteed: figures of one run on one machine, and a proof from the sink's own log that every reader got the mail
//! exactly once; a run that cannot prove it fails. Not guaranteed: that figures of two machines can be compared; the
//! ratios can.

mod bare;
mod cost;
mod letter;
mod limits;
mod page;
mod program;
mod proof;
mod send;
mod sink;

use std::process::ExitCode;

use clap::Parser;

/// What can be measured.
#[derive(Parser)]
#[command(name = "bench", about = "Measures Soucoupe against a limit in the same run")]
enum Asked {
    /// Sends an edition to generated readers and compares it with a bare client.
    Send(send::Options),
    /// Takes mail until standard input ends; prints its address.
    #[command(hide = true)]
    Sink(sink::Options),
    /// Pushes one message at a relay, once a reader.
    #[command(hide = true)]
    Bare(bare::Options),
}

fn main() -> ExitCode {
    let done = match Asked::parse() {
        Asked::Send(options) => send::run(&options),
        Asked::Sink(options) => sink::run(&options),
        Asked::Bare(options) => bare::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
