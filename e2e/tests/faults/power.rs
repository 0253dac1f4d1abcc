//! The power goes: what was written and not yet synced is lost, or half of it is.
//!
//! `kill -9` cannot show this, since the system keeps what a dead program wrote. Here everything that the program
//! writes during a dispatch is recorded, and the files are made again as a disk has them at the moment of a sync.

use std::collections::HashMap;

use e2e::{
    CONNECTIONS, Engine, Loss, Program, Proof, Recording, Row, State, integrity, is_long, ledger, sink,
    to_the_end,
};
use smtp::SinkOptions;
use smtp::sink::Accepted;

const READERS: u64 = 600;
const DISPATCH: i64 = 1;

/// What must not be, of rows that a power cut at a moment left.
fn faults(rows: &[Row], log: &[Accepted], moment: u64) -> Vec<String> {
    let mut faults = Vec::new();
    let known: HashMap<&str, &Row> = rows.iter().map(|row| (row.email.as_str(), row)).collect();
    let mut taken: HashMap<&str, bool> = HashMap::new();
    for mail in log {
        *taken.entry(&mail.to).or_default() |= mail.answered;
    }
    for mail in log.iter().filter(|mail| mail.time_us < moment) {
        // It would be sent again, and nobody would know that it was a second time.
        match known.get(&*mail.to).map(|row| row.state) {
            Some(State::InDoubt | State::Accepted) => {}
            other => faults.push(format!("{} was taken before, and is {other:?}", mail.to)),
        }
    }
    for row in rows.iter().filter(|row| row.state == State::Accepted) {
        if !taken.get(row.email.as_str()).is_some_and(|answered| *answered) {
            faults.push(format!("{} is accepted, and the log has no 250", row.email));
        }
    }
    let in_doubt = rows.iter().filter(|row| row.state == State::InDoubt).count();
    if in_doubt > CONNECTIONS {
        faults.push(format!("{in_doubt} in doubt with {CONNECTIONS} connections"));
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_at_any_sync_loses_nobody_and_leaves_no_mail_that_the_ledger_does_not_know() {
    let (sink, relay) = sink(SinkOptions::default()).await;
    let program = Program::with_gazette(Engine::Sqlite, &relay).await;
    let slug = program.ready(READERS).await;
    let trace = program.folder().join("writes.trace");
    let mut recording = Recording::begin(&program.data());
    let words = Recording::words(&trace);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = program.run_under(&words, &["edition", "send", &slug, "--wait"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    recording.read(&trace, &program.data());
    let log = sink.log();
    assert_eq!(log.len() as u64, READERS);
    let syncs = recording.syncs();
    let step = if is_long() { 1 } else { syncs.len().div_ceil(24) };
    let elsewhere = tempfile::tempdir().expect("a folder for a test");
    let database = format!("sqlite:{}", elsewhere.path().join("soucoupe.db").display());
    let (mut looks, mut under_way) = (0, 0);
    for (number, place) in syncs.iter().enumerate().step_by(step) {
        let moment = recording.moment(*place);
        for loss in [Loss::All, Loss::Torn(number as u64), Loss::Torn(!number as u64), Loss::Nothing] {
            recording.rebuild(*place, loss, elsewhere.path());
            let wrong = integrity(&database).await;
            assert!(wrong.is_empty(), "sync {number} of {}, {loss:?}: {wrong:?}", syncs.len());
            let rows = ledger(&database, DISPATCH).await;
            let found = faults(&rows, &log, moment);
            assert!(found.is_empty(), "sync {number} of {}, {loss:?}: {found:#?}", syncs.len());
            looks += 1;
            under_way += usize::from(rows.iter().any(|row| row.state == State::InDoubt));
        }
    }
    println!("{looks} power cuts at {} syncs, {under_way} of them with mails on the wire", syncs.len());
    assert!(under_way > looks / 4, "most cuts fell into the sending");
    // From the rubble of some the dispatch goes on, and comes to its end.
    for third in [1, 2] {
        let place = syncs[syncs.len() * third / 3];
        let before: Vec<Accepted> =
            log.iter().filter(|mail| mail.time_us < recording.moment(place)).cloned().collect();
        recording.rebuild(place, Loss::Torn(third as u64), &program.data());
        let start = sink.log().len();
        let serving = program.serve().await;
        let all = || before.iter().cloned().chain(sink.log().split_off(start)).collect();
        let proof: Proof = to_the_end(&program, serving, DISPATCH, all, READERS, CONNECTIONS).await;
        println!("after the cut at sync {place}: {} extra copies, {} doubts", proof.extra, proof.doubted);
    }
}
