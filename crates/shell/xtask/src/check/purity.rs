//! Pure crates know no clock, chance, file, socket or process: all of that comes in as arguments.
//!
//! A line that names one of these for a reason says so in a comment `pure: REASON` beside it or above it; an
//! interface that asks for a random source it does not use is the known case.

use super::Fault;
use crate::tree::{File, Tree};

/// Names that bring the outside in, and what to do instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("SystemTime", CLOCK),
    ("Instant::now", CLOCK),
    ("Timestamp::now", CLOCK),
    ("Zoned::now", CLOCK),
    ("Utc::now", CLOCK),
    ("now_v7", CLOCK),
    ("rand::", CHANCE),
    ("thread_rng", CHANCE),
    ("getrandom", CHANCE),
    ("SystemRandom", CHANCE),
    ("OsRng", CHANCE),
    ("new_v4", CHANCE),
    ("std::fs", OUTSIDE),
    ("std::net", OUTSIDE),
    ("std::process", OUTSIDE),
    ("std::env", OUTSIDE),
    ("File::open", OUTSIDE),
    ("TcpStream", OUTSIDE),
    ("UdpSocket", OUTSIDE),
    ("thread::spawn", OUTSIDE),
    ("thread::sleep", OUTSIDE),
    ("tokio", OUTSIDE),
    ("reqwest", OUTSIDE),
];
const CLOCK: &str = "take the time as an argument";
const CHANCE: &str = "take the random value as an argument";
const OUTSIDE: &str = "move it to a crate of io, and take what it gives as an argument";

/// Members of `std` that are forbidden inside `std::{…}` as well.
const STD: &[&str] = &["fs", "net", "process", "env"];

/// Crates that no pure crate may depend on, tests aside.
const CRATES: &[&str] = &[
    "tokio",
    "rand",
    "getrandom",
    "reqwest",
    "hyper",
    "axum",
    "rustix",
    "tempfile",
    "tokio-rustls",
    "rusqlite",
];

/// The remark that lets a line through.
const REMARK: &str = "pure: ";

/// The faults of a house.
pub(crate) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (file, rust) in tree.rust().filter(|(file, _)| file.floor() == Some("pure") && !file.is_test()) {
        let room = file.room().unwrap_or_default();
        let mut found: Vec<(usize, String, &str)> = Vec::new();
        for (name, instead) in FORBIDDEN {
            found.extend(rust.occurrences(name).map(|at| (at, (*name).to_owned(), *instead)));
        }
        for group in rust.occurrences("std::{") {
            let members = &rust.code[group + 5..end_of_group(&rust.code, group + 5)];
            for member in STD.iter().filter(|member| first_level(members).any(|word| word == **member)) {
                found.push((group, format!("std::{member}"), OUTSIDE));
            }
        }
        for (at, name, instead) in found {
            let line = rust.line(at);
            if !rust.is_test(at) && !rust.has_remark(line, REMARK) {
                faults.push(Fault::new(file, line, format!("{room} is pure and names {name}; {instead}")));
            }
        }
    }
    for file in tree.files().filter(|file| file.floor() == Some("pure") && file.name() == "Cargo.toml") {
        manifest(file, &mut faults);
    }
    faults
}

/// The names that begin each entry of `{a, b::c, d::{e, f}}`.
fn first_level(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    group
        .split(move |letter| {
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            letter == ',' && depth <= 1
        })
        .map(|entry| {
            entry.trim_matches(|letter: char| letter.is_whitespace() || letter == '{' || letter == '}')
        })
        .map(|entry| entry.split("::").next().unwrap_or_default())
}

fn end_of_group(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (at, letter) in code[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth <= 1 => return open + at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn manifest(file: &File, faults: &mut Vec<Fault>) {
    let mut counts = false;
    for (number, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            counts = line.contains("dependencies") && !line.contains("dev-dependencies");
        } else if counts
            && let Some(name) = line.split(['.', '=', ' ']).next().filter(|name| CRATES.contains(name))
        {
            let room = file.room().unwrap_or_default();
            faults.push(Fault::new(
                file,
                number + 1,
                format!("{room} is pure and depends on {name}; {OUTSIDE}"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::faults;

    #[test]
    fn a_clock_in_a_pure_crate_is_refused_with_its_line() {
        assert_eq!(
            lines(
                faults,
                &[("crates/pure/policy/src/retry.rs", "fn due() {\n    jiff::Timestamp::now();\n}\n")]
            ),
            [
                "crates/pure/policy/src/retry.rs:2: policy is pure and names Timestamp::now; take the time as an argument"
            ]
        );
    }

    #[test]
    fn grouped_imports_are_seen() {
        let source = "use std::{collections::{BTreeMap, HashMap}, fs, fmt};\nuse std::{fmt, io::Write};\n";
        let found = lines(faults, &[("crates/pure/wire/src/a.rs", source)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("crates/pure/wire/src/a.rs:1: wire is pure and names std::fs"),
            "{found:?}"
        );
    }

    #[test]
    fn tests_of_a_pure_crate_and_other_floors_are_free() {
        let clock = "fn a() { std::time::SystemTime::now(); }\n";
        let in_tests = format!("#[cfg(test)]\nmod tests {{\n    {clock}}}\n");
        assert!(
            lines(
                faults,
                &[
                    ("crates/pure/wire/src/a.rs", &in_tests),
                    ("crates/pure/wire/tests/a.rs", clock),
                    ("crates/io/instance/src/clock.rs", clock),
                ]
            )
            .is_empty()
        );
    }

    #[test]
    fn words_about_the_outside_are_not_the_outside() {
        let source =
            "/// Never calls SystemTime.\nconst A: &str = \"std::fs\"; let brand = operand::new();\n";
        assert!(lines(faults, &[("crates/pure/wire/src/a.rs", source)]).is_empty());
    }

    #[test]
    fn a_reason_beside_the_line_lets_it_through() {
        let source = "// pure: PKCS #1 v1.5 asks for a source and draws nothing from it\nlet r = SystemRandom::new();\n";
        assert!(lines(faults, &[("crates/pure/wire/src/dkim.rs", source)]).is_empty());
    }

    #[test]
    fn a_pure_crate_does_not_depend_on_a_runtime_but_its_tests_may() {
        let manifest =
            "[dependencies]\ntokio.workspace = true\n[dev-dependencies]\ntempfile.workspace = true\n";
        let found = lines(faults, &[("crates/pure/feed/Cargo.toml", manifest)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("crates/pure/feed/Cargo.toml:2: feed is pure and depends on tokio"),
            "{found:?}"
        );
    }
}
