//! The matrix: one condition varied at a time around a base case, as a table and as charts.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cell::{Cell, Place, Sent, measure};
use crate::chart::Chart;
use crate::limits;
use crate::page::{self, percent, thousands};
use crate::program::Engine;
use crate::sample::Samples;

const BASE: Cell = Cell {
    readers: 100_000,
    engine: Engine::Sqlite,
    connections: 16,
    sign: false,
    letter: 20,
    round_trip: 0,
};
/// At 50 ms, sixteen connections make 320 mails a second: fewer readers say as much.
const FAR: Cell = Cell { readers: 10_000, round_trip: 50, ..BASE };
const PICTURES: &str = "docs/pictures";
/// The budgets of the design.
const RATE: f64 = 8_000.0;
const MEMORY_MB: f64 = 64.0;
const SIGNING: f64 = 0.85;

/// What is measured, in this order; the base case first.
fn plan() -> Vec<Cell> {
    let on_postgres = Cell { engine: Engine::Postgres, ..BASE };
    vec![
        BASE,
        Cell { letter: 2, ..BASE },
        Cell { letter: 60, ..BASE },
        Cell { sign: true, ..BASE },
        Cell { sign: true, letter: 60, ..BASE },
        Cell { connections: 1, ..BASE },
        Cell { connections: 64, ..BASE },
        Cell { readers: 10_000, ..BASE },
        Cell { readers: 1_000_000, ..BASE },
        on_postgres,
        Cell { sign: true, ..on_postgres },
        Cell { readers: 10_000, ..on_postgres },
        Cell { readers: 1_000_000, ..on_postgres },
        FAR,
        Cell { connections: 64, ..FAR },
    ]
}

/// Measures all of it; `divide` makes it smaller, for a try.
pub(crate) fn run(place: &Place<'_>, divide: u64, write: bool) -> Result<()> {
    let begin = Instant::now();
    let signatures = limits::signatures(page::cores())?;
    let (plan, mut samples, mut measured) = (plan(), Samples::default(), Vec::new());
    for (number, cell) in plan.iter().enumerate() {
        let minutes = begin.elapsed().as_secs() / 60;
        eprintln!("{} of {}, after {minutes} minutes: {}…", number + 1, plan.len(), name(cell));
        let sample = samples.of(place, cell.letter, cell.sign)?;
        let smaller = Cell { readers: (cell.readers / divide).max(1), ..*cell };
        let sent = measure(&smaller, place, &sample).with_context(|| name(cell))?;
        eprintln!("  {} mails/s", thousands(sent.rate));
        measured.push((*cell, sent));
    }
    let charts = charts(&measured, signatures);
    let section = section(&measured, signatures, divide, &charts);
    println!("{section}");
    if write {
        for chart in &charts {
            let file = Path::new(PICTURES).join(format!("bench-{}.svg", chart.name));
            fs::write(&file, chart.svg()).with_context(|| format!("{} cannot be written", file.display()))?;
        }
        page::write(Path::new(page::PAGE), "matrix", &section)?;
        eprintln!("written to {} and {PICTURES}", page::PAGE);
    }
    Ok(())
}

/// What differs from the base case.
fn name(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.engine != BASE.engine {
        words.push(cell.engine.name().to_owned());
    }
    if cell.letter != BASE.letter {
        words.push(format!("{} KB", cell.letter));
    }
    if cell.sign {
        words.push("RSA-2048".to_owned());
    }
    if cell.connections != BASE.connections {
        words.push(format!(
            "{} connection{}",
            cell.connections,
            if cell.connections == 1 { "" } else { "s" }
        ));
    }
    if cell.round_trip > 0 {
        words.push(format!("{} ms round trip", cell.round_trip));
    }
    if cell.readers != BASE.readers && cell.round_trip == 0 {
        words.push(format!("{} readers", thousands(cell.readers as f64)));
    }
    if words.is_empty() { "base".to_owned() } else { words.join(", ") }
}

fn section(measured: &[(Cell, Sent)], signatures: f64, divide: u64, charts: &[Chart]) -> String {
    let tried = if divide > 1 { format!(" --divide {divide}") } else { String::new() };
    let mut text = format!(
        "### Many conditions\n\n{}\n\n```sh\ncargo xtask bench send --matrix{tried}\n```\n\nThe base case is a mail of 20 KB, \
         unsigned, over 16 connections, to 100,000 readers, on SQLite, with the sink on the same machine. Each other row \
         says what differs. OpenSSL on all cores makes {} RSA-2048 signatures a second.\n\n",
        page::circumstances(),
        thousands(signatures)
    );
    text.push_str(
        "| case | readers | mails/s | bare client/s | ratio | smtp-source/s | µs user | µs system | peak MB | of what \
         can be signed |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (cell, sent) in measured {
        let signed = if cell.sign { percent(sent.rate / signatures) } else { String::new() };
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {:.0} | {:.0} | {:.1} | {signed} |\n",
            name(cell),
            thousands(sent.readers as f64),
            thousands(sent.rate),
            thousands(sent.bare),
            percent(sent.rate / sent.bare),
            sent.smtp_source.map_or_else(String::new, thousands),
            sent.user,
            sent.system,
            sent.peak as f64 / 1e6,
        ));
    }
    for chart in charts {
        text.push_str(&format!("\n![{}](pictures/bench-{}.svg)\n", chart.words(), chart.name));
    }
    text
}

fn charts(measured: &[(Cell, Sent)], signatures: f64) -> Vec<Chart> {
    let of = |cell: Cell| measured.iter().find(|(known, _)| *known == cell).map(|(_, sent)| sent);
    let three = |cell: Cell| match of(cell) {
        Some(sent) => vec![Some(sent.rate), Some(sent.bare), sent.smtp_source],
        None => vec![None; 3],
    };
    let by_readers = |value: fn(&Sent) -> f64| {
        let group = |readers: u64| {
            let engines = [Engine::Sqlite, Engine::Postgres];
            let values = engines.iter().map(|&engine| of(Cell { readers, engine, ..BASE }).map(value));
            (thousands(readers as f64), values.collect())
        };
        [10_000, 100_000, 1_000_000].map(group).to_vec()
    };
    let clients = || vec!["Soucoupe", "bare client", "smtp-source"];
    let engines = || vec![Engine::Sqlite.name(), Engine::Postgres.name()];
    vec![
        Chart {
            name: "size",
            title: "Mails a second by size".to_owned(),
            unit: "mails a second",
            axis: "size of a mail",
            series: clients(),
            groups: [2, 20, 60]
                .map(|letter| (format!("{letter} KB"), three(Cell { letter, ..BASE })))
                .to_vec(),
            limit: Some((RATE, format!("the budget of {}", thousands(RATE)))),
        },
        Chart {
            name: "connections",
            title: "Mails a second by connections".to_owned(),
            unit: "mails a second",
            axis: "open connections",
            series: clients(),
            groups: [1, 16, 64]
                .map(|connections| (connections.to_string(), three(Cell { connections, ..BASE })))
                .to_vec(),
            limit: None,
        },
        Chart {
            name: "far",
            title: "Mails a second to a server 50 ms away".to_owned(),
            unit: "mails a second",
            axis: "open connections",
            series: clients(),
            groups: [16, 64]
                .map(|connections| (connections.to_string(), three(Cell { connections, ..FAR })))
                .to_vec(),
            limit: None,
        },
        Chart {
            name: "engines",
            title: "Mails a second by engine".to_owned(),
            unit: "mails a second",
            axis: "readers",
            series: engines(),
            groups: by_readers(|sent| sent.rate),
            limit: Some((RATE, format!("the budget of {}", thousands(RATE)))),
        },
        Chart {
            name: "cost",
            title: "What a mail costs as the audience grows".to_owned(),
            unit: "microseconds of processor time a mail, without the database server's",
            axis: "readers",
            series: engines(),
            groups: by_readers(Sent::cpu),
            limit: None,
        },
        Chart {
            name: "memory",
            title: "Memory as the audience grows".to_owned(),
            unit: "most MB held at once",
            axis: "readers",
            series: engines(),
            groups: by_readers(|sent| sent.peak as f64 / 1e6),
            limit: Some((MEMORY_MB, format!("the budget of {MEMORY_MB:.0} MB"))),
        },
        Chart {
            name: "signing",
            title: "Mails signed with RSA-2048 a second".to_owned(),
            unit: "mails, or signatures, a second",
            axis: "size of a mail, and engine",
            series: vec!["Soucoupe", "OpenSSL on all cores, signing alone"],
            groups: [
                ("20 KB, SQLite", Cell { sign: true, ..BASE }),
                ("60 KB, SQLite", Cell { sign: true, letter: 60, ..BASE }),
                ("20 KB, PostgreSQL", Cell { sign: true, engine: Engine::Postgres, ..BASE }),
            ]
            .map(|(label, cell)| (label.to_owned(), vec![of(cell).map(|sent| sent.rate), Some(signatures)]))
            .to_vec(),
            limit: Some((
                signatures * SIGNING,
                format!("the budget, {} of what OpenSSL signs", percent(SIGNING)),
            )),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(rate: f64) -> Sent {
        Sent {
            readers: 100_000,
            size: 20_300.0,
            import: 1.0,
            rate,
            status_rate: rate,
            bare: 100_000.0,
            smtp_source: Some(9_000.0),
            user: 30.4,
            system: 12.0,
            bare_cpu: 8.0,
            sink_cpu: 15.0,
            peak: 50_000_000,
        }
    }

    #[test]
    fn the_plan_varies_every_condition_the_matrix_promises() {
        let plan = plan();
        let has = |test: fn(&Cell) -> bool| plan.iter().any(test);
        assert!([2, 20, 60].iter().all(|size| plan.iter().any(|cell| cell.letter == *size)));
        assert!([1, 16, 64].iter().all(|lines| plan.iter().any(|cell| cell.connections == *lines)));
        assert!(
            [10_000, 100_000, 1_000_000]
                .iter()
                .all(|readers| plan.iter().any(|cell| cell.readers == *readers))
        );
        assert!(has(|cell| cell.sign) && has(|cell| !cell.sign));
        assert!(has(|cell| cell.engine == Engine::Postgres) && has(|cell| cell.round_trip == 50));
        for (number, cell) in plan.iter().enumerate() {
            assert!(!plan[..number].contains(cell), "{cell:?} is there twice");
        }
    }

    #[test]
    fn a_row_says_what_differs_and_what_came_out() {
        let signed = Cell { sign: true, letter: 60, ..BASE };
        let measured = [(BASE, sent(24_000.0)), (signed, sent(8_500.0))];
        let text = section(&measured, 10_000.0, 1, &[]);
        assert!(
            text.contains("| base | 100,000 | 24,000 | 100,000 | 24 % | 9,000 | 30 | 12 | 50.0 |  |"),
            "{text}"
        );
        assert!(text.contains("| 60 KB, RSA-2048 | 100,000 | 8,500 |"), "{text}");
        assert!(text.contains("| 85 % |"), "{text}");
        assert_eq!(name(&Cell { connections: 1, ..BASE }), "1 connection");
        assert_eq!(name(&FAR), "50 ms round trip");
    }

    #[test]
    fn each_chart_shows_what_was_measured() {
        let measured: Vec<(Cell, Sent)> = plan().into_iter().map(|cell| (cell, sent(12_345.0))).collect();
        for chart in charts(&measured, 10_000.0) {
            let missing =
                chart.groups.iter().filter(|(_, values)| values.iter().any(Option::is_none)).count();
            assert_eq!(missing, 0, "{}", chart.name);
            assert!(chart.groups.len() >= 2 && chart.svg().contains("</svg>"), "{}", chart.name);
        }
    }
}
