//! The stopwatch of the house, behind `cargo xtask bench`.
//!
//! `bench send` makes a fresh instance with the command line, lets the real program send an edition to the project's
//! own sink in another process, pushes the same bytes with a bare client at the same sink, and shows both beside each
//! other; with `--matrix` under many conditions, with charts. `bench sink` and `bench bare` are those two other
//! processes. `bench instructions` counts what each step of a mail costs, where no clock can err.
//!
//! Guaranteed: figures of one run on one machine, and a proof from the sink's own log that every reader got the mail
//! exactly once; a run that cannot prove it fails. Not guaranteed: that figures of two machines can be compared; the
//! ratios can.

mod bare;
mod cell;
mod chart;
mod cost;
mod hot;
mod instructions;
mod letter;
mod limits;
mod matrix;
mod page;
mod program;
mod proof;
mod sample;
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
    /// Takes mail until standard input ends, and misbehaves on demand; prints its address.
    Sink(sink::Options),
    /// Counts the instructions of each step of a mail, and compares them with those written down.
    Instructions(instructions::Options),
    /// Takes one step of a mail many times.
    #[command(hide = true)]
    Hot(hot::Options),
    /// Pushes one message at a relay, once a reader.
    #[command(hide = true)]
    Bare(bare::Options),
}

fn main() -> ExitCode {
    let done = match Asked::parse() {
        Asked::Send(options) => send::run(&options),
        Asked::Sink(options) => sink::run(&options),
        Asked::Bare(options) => bare::run(&options),
        Asked::Instructions(options) => instructions::run(&options),
        Asked::Hot(options) => hot::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
