//! The tools of the house: `cargo xtask check`, `cargo xtask test`, `cargo xtask fuzz`, `cargo xtask services`,
//! `cargo xtask bench`.
//!
//! Job, in order: find the root of the house, read the word after `xtask`, run what [`COMMANDS`] says for it.
//! Guarantees: a fault or a failed step ends in a non-zero exit code and a sentence; what a command starts, it stops,
//! also when it is interrupted or killed. Not guaranteed: anything about a system without Debian's package names.

mod bench;
mod check;
mod commands;
mod fuzz;
mod install;
mod postgres;
mod queries;
mod rust_source;
mod services;
mod steps;
mod testing;
mod tree;

use std::path::Path;
use std::process::ExitCode;

/// A word after `cargo xtask`, what it does in one line, and what it runs.
struct Command {
    name: &'static str,
    words: &'static str,
    run: fn(&Path, &[String]) -> anyhow::Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "check",
        words: "[--rules]                   format, lints and the rules of the house; --rules: those alone, in a second",
        run: check::run,
    },
    Command {
        name: "test",
        words: "[--long] [-- ARGUMENTS]     installs and starts what tests need, runs them all, stops what it started",
        run: testing::run,
    },
    Command {
        name: "fuzz",
        words: "[--seconds N] [TARGET…]     feeds the parsers of foreign bytes with nonsense, 60 seconds each",
        run: fuzz::run,
    },
    Command {
        name: "services",
        words: "                            starts what tests need, says how to reach it, waits for Ctrl-C",
        run: services::run,
    },
    Command {
        name: "bench",
        words: "send|instructions [--help]  measures sending beside a limit in the same run, or counts what a mail costs",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, arguments)) = words.split_first() else {
        print!("{}", help());
        return ExitCode::from(2);
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        let asked = matches!(name.as_str(), "help" | "--help" | "-h");
        if !asked {
            eprintln!("xtask: there is no command {name:?}.\n");
        }
        print!("{}", help());
        return if asked { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    match tree::root().and_then(|root| (command.run)(&root, arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("The tools of the house.\n\n");
    for command in COMMANDS {
        text.push_str(&format!("  cargo xtask {:<9} {}\n", command.name, command.words));
    }
    text
}
