//! An edition on its way from the real program to the project's own sink.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use smtp::sink::Accepted;
use smtp::{ListenerOptions, Sink, SinkOptions};

use crate::ledger::{hasten, ledger};
use crate::patience::{PATIENCE, until};
use crate::program::{Engine, Program, Serving};
use crate::proof::Proof;

/// Open connections of the program, see [`Program`].
pub const CONNECTIONS: usize = 16;
/// How long a slow sink takes for an answer: some hundred mails a second over all connections.
const SLOW: Duration = Duration::from_millis(40);

const EDITION: &str = "---\ntitle: La nuit des pannes\nsubject: La nuit des pannes\nlanguage: fr\n---\n\n\
                       Bonjour {first_name|la mif},\n\nRien ne marche, sauf cette lettre : [lisez-la](https://pannes.example/1).\n";

/// Whether the long form of the tests was asked for (`cargo xtask test --long`).
pub fn is_long() -> bool {
    std::env::var("SOUCOUPE_TEST_LONG").is_ok_and(|asked| asked == "1")
}

/// A file of so many readers at seven domains.
pub fn readers(number: u64) -> String {
    let mut csv = String::from("email,first_name\n");
    for reader in 0..number {
        csv.push_str(&format!("reader{reader}@mail{}.example,Zoé\n", reader % 7));
    }
    csv
}

/// A sink, and how the program is told of it.
pub async fn sink(options: SinkOptions) -> (Sink, String) {
    let sink = Sink::start(options).await.expect("the sink starts");
    let relay = format!("smtp://{}", sink.address());
    (sink, relay)
}

/// A sink that takes its time.
pub fn slow() -> SinkOptions {
    let listener = ListenerOptions { answer_delay: SLOW, ..ListenerOptions::default() };
    SinkOptions { listener, ..SinkOptions::default() }
}

/// A program that sends an edition to so many readers, and the number of the dispatch.
pub async fn sending(engine: Engine, relay: &str, number: u64) -> (Program, Serving, i64) {
    let program = Program::with_gazette(engine, relay).await;
    let slug = program.ready(number).await;
    let serving = program.serve().await;
    let dispatch = program.send(&slug).await;
    (program, serving, dispatch)
}

impl Program {
    /// Gives the gazette so many readers and an edition; the edition's slug.
    pub async fn ready(&self, number: u64) -> String {
        self.import(&readers(number)).await;
        self.edition(EDITION).await
    }
}

/// Waits until the sink took so many mails.
pub async fn taken(sink: &Sink, least: u64) {
    let what = format!("the sink takes {least} mails");
    until(&what, PATIENCE, async || (sink.taken() >= least).then_some(())).await;
}

/// The log file of a sink, or of several one after the other. A last line that is cut was never answered for.
pub fn logged(file: &Path) -> Vec<Accepted> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

/// Lets a dispatch come to its end without the hours between two tries, stops the program in good order, and holds the
/// ledger against the log: everybody accepted, so many extra copies at most, each of them counted as a doubt.
pub async fn to_the_end(
    program: &Program,
    serving: Serving,
    dispatch: i64,
    log: impl Fn() -> Vec<Accepted>,
    number: u64,
    extra: usize,
) -> Proof {
    let (mut last, mut moved) = (program.status(dispatch).await, Instant::now());
    while last["state"] != "finished" {
        hasten(program.database(), dispatch).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = program.status(dispatch).await;
        if now["accepted"] != last["accepted"] {
            moved = Instant::now();
        }
        assert!(moved.elapsed() < PATIENCE, "dispatch {dispatch} does not move any more: {now}");
        last = now;
    }
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
    let status: Value = program.status(dispatch).await;
    let rows = ledger(program.database(), dispatch).await;
    assert_eq!((rows.len() as u64, status["accepted"].as_u64()), (number, Some(number)), "{status}");
    let proof = Proof::of(&log(), &rows, &status, extra, 1);
    proof.holds();
    proof
}
