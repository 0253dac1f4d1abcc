//! Relays that die, hang, hang up in the middle, and talk nonsense.

use std::net::SocketAddr;
use std::path::Path;

use e2e::{
    CONNECTIONS, Engine, PATIENCE, State, free_port, ledger, logged, sending, sink, slow, taken, to_the_end,
    until,
};
use smtp::sink::{Fault, FaultStage, Misdeed};
use smtp::{Sink, SinkOptions};

const READERS: u64 = 1_500;

fn at(address: SocketAddr, log_file: &Path, options: SinkOptions) -> SinkOptions {
    SinkOptions { address, log_file: Some(log_file.to_owned()), ..options }
}

/// A sink at the address of one that was dropped, as soon as its socket is closed.
async fn again(options: SinkOptions) -> Sink {
    until("the address is free again", PATIENCE, async || Sink::start(options.clone()).await.ok()).await
}

/// Killed at once, with mails in every state of their journey, and started again at the same address.
async fn dies(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder for a log");
    let log = folder.path().join("sink.log");
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (mut one, relay) = sink(at(address, &log, slow())).await;
    let (program, serving, dispatch) = sending(engine, &relay, READERS).await;
    let deaths = 2;
    for _ in 0..deaths {
        taken(&one, READERS / 4).await;
        drop(one);
        one = again(at(address, &log, slow())).await;
    }
    let proof = to_the_end(&program, serving, dispatch, || logged(&log), READERS, deaths * CONNECTIONS).await;
    println!(
        "{engine:?}: {deaths} deaths of the relay, {} extra copies, {} doubts",
        proof.extra, proof.doubted
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_in_the_middle_loses_nobody_on_sqlite() {
    dies(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_in_the_middle_loses_nobody_on_postgres() {
    dies(Engine::Postgres).await;
}

/// It takes a mail and never says so, on one connection after the other, until none is left.
async fn hangs(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder for a log");
    let log = folder.path().join("sink.log");
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let hang = Fault::every(FaultStage::AfterMessage, 10, Misdeed::Hang).times(CONNECTIONS as u64);
    let options = SinkOptions { faults: vec![hang], ..SinkOptions::default() };
    let (stuck, relay) = sink(at(address, &log, options)).await;
    let (program, serving, dispatch) = sending(engine, &relay, READERS).await;
    until("every connection waits for an answer", PATIENCE, async || {
        (logged(&log).iter().filter(|mail| !mail.answered).count() == CONNECTIONS).then_some(())
    })
    .await;
    assert_eq!(logged(&log).len(), 10 * CONNECTIONS);
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
    let rows = ledger(program.database(), dispatch).await;
    let count = |state: State| rows.iter().filter(|row| row.state == state).count();
    assert_eq!((count(State::InDoubt), count(State::Accepted)), (CONNECTIONS, 9 * CONNECTIONS));
    drop(stuck);
    let _sound = again(at(address, &log, SinkOptions::default())).await;
    let serving = program.serve().await;
    let proof = to_the_end(&program, serving, dispatch, || logged(&log), READERS, CONNECTIONS).await;
    assert_eq!((proof.extra, proof.doubted), (CONNECTIONS, CONNECTIONS), "each of them was sent once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_never_answers_leaves_one_doubt_a_connection_on_sqlite() {
    hangs(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_never_answers_leaves_one_doubt_a_connection_on_postgres() {
    hangs(Engine::Postgres).await;
}

/// An end without an answer before and after the mail was taken, bytes that are none of SMTP: each now and then, never
/// so often in a row that the way counts as closed. (A 421 makes us slow for minutes; `dispatch/tests/middle.rs` has a
/// clock that can be moved.)
async fn in_all_moods(engine: Engine) {
    let faults = vec![
        Fault::every(FaultStage::Data, 23, Misdeed::Close).times(15),
        Fault::every(FaultStage::Message, 31, Misdeed::Garbage).times(15),
        Fault::every(FaultStage::Message, 37, Misdeed::Close).times(15),
        Fault::every(FaultStage::AfterMessage, 41, Misdeed::Close).times(12),
        Fault::every(FaultStage::AfterMessage, 43, Misdeed::Garbage).times(12),
        Fault::every(FaultStage::Mail, 47, Misdeed::Close).times(10),
        Fault::every(FaultStage::Rcpt, 53, Misdeed::Garbage).times(10),
    ];
    let (sink, relay) = sink(SinkOptions { faults, ..SinkOptions::default() }).await;
    let (program, serving, dispatch) = sending(engine, &relay, READERS).await;
    let proof = to_the_end(&program, serving, dispatch, || sink.log(), READERS, 24).await;
    let lost = sink.log().iter().filter(|mail| !mail.answered).count();
    assert!(lost > 0, "the relay was in a good mood all the time");
    assert_eq!(proof.extra, lost, "who was taken without a word was sent once more, and nobody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_in_all_moods_loses_nobody_on_sqlite() {
    in_all_moods(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_in_all_moods_loses_nobody_on_postgres() {
    in_all_moods(Engine::Postgres).await;
}
