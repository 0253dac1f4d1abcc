//! What dies, and who notices: the program killed, the program told to stop, the relay gone, the relay in a bad mood.
//!
//! The proof is always the sink's own log, written before its 250 leaves, against the rows of the ledger. The long
//! form (`SOUCOUPE_TEST_LONG=1`) kills more often in a larger dispatch.

use std::time::Duration;

use e2e::{
    CONNECTIONS, Chance, Engine, PATIENCE, Proof, State, free_port, hasten, is_long, ledger, sending, sink,
    slow, taken, until,
};
use smtp::SinkOptions;
use smtp::sink::{Fault, FaultStage, Misdeed, Who};

/// When to kill the program.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// After the sink took so many mails in all, and some microseconds.
    Taken(u64, u64),
    /// So many milliseconds after its start, whatever it is doing.
    Started(u64),
}

/// Kills in the order in which they happen: a quarter soon after a start, the others somewhere in the dispatch.
fn moments(chance: &mut Chance, kills: usize, readers: u64) -> Vec<Moment> {
    // The last mails are left alone, so that every kill falls into the dispatch.
    let last = readers - readers / 20 - (2 * CONNECTIONS) as u64;
    let mut taken: Vec<u64> = (0..kills - kills / 4).map(|_| 1 + chance.below(last)).collect();
    taken.sort_unstable();
    let mut moments = Vec::with_capacity(kills);
    for (place, count) in taken.into_iter().enumerate() {
        moments.push(Moment::Taken(count, chance.below(30_000)));
        if place % 3 == 0 && moments.len() < kills {
            moments.push(Moment::Started(chance.below(700)));
        }
    }
    moments
}

async fn killed_again_and_again(engine: Engine) {
    let (number, kills) = if is_long() { (50_000, 100) } else { (5_000, 20) };
    let mut chance = Chance::new();
    let (sink, relay) = sink(slow()).await;
    let (program, mut serving, dispatch) = sending(engine, &relay, number).await;
    let moments = moments(&mut chance, kills, number);
    assert_eq!(moments.len(), kills);
    for (kill, moment) in moments.into_iter().enumerate() {
        match moment {
            Moment::Taken(count, microseconds) => {
                taken(&sink, count).await;
                tokio::time::sleep(Duration::from_micros(microseconds)).await;
            }
            Moment::Started(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
        }
        assert!(serving.runs(), "the program ended by itself before kill {kill}, {moment:?}");
        serving.kill().await;
        let rows = ledger(program.database(), dispatch).await;
        let in_doubt = rows.iter().filter(|row| row.state == State::InDoubt).count();
        assert!(
            in_doubt <= CONNECTIONS,
            "{in_doubt} in doubt after kill {kill}, with {CONNECTIONS} connections"
        );
        let open = rows.iter().filter(|row| row.state != State::Accepted).count();
        assert!(rows.is_empty() || open > 0, "the dispatch was over before kill {kill}, {moment:?}");
        serving = program.start();
    }
    let status = program.finished(dispatch).await;
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
    let rows = ledger(program.database(), dispatch).await;
    assert_eq!(rows.len() as u64, number);
    assert!(rows.iter().all(|row| row.state == State::Accepted), "a dispatch that is finished has open rows");
    let log = sink.log();
    let proof = Proof::of(&log, &rows, &status, kills, CONNECTIONS);
    proof.holds();
    println!(
        "{engine:?}: {kills} kills, {number} readers, {} mails, {} extra copies, {} doubts",
        log.len(),
        proof.extra,
        proof.doubted
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_at_random_moments_loses_nobody_on_sqlite() {
    killed_again_and_again(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_at_random_moments_loses_nobody_on_postgres() {
    killed_again_and_again(Engine::Postgres).await;
}

async fn told_to_stop(engine: Engine) {
    let number = 2_000;
    let (sink, relay) = sink(slow()).await;
    let (program, serving, dispatch) = sending(engine, &relay, number).await;
    taken(&sink, 150).await;
    let (ended, time) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
    assert!(time < Duration::from_secs(10), "SIGTERM took {time:?}");
    let status = program.status(dispatch).await;
    assert_eq!((status["in_doubt"].as_u64(), status["claimed"].as_u64()), (Some(0), Some(0)), "{status}");
    // What was taken is known to the last mail, and nothing more.
    assert_eq!(status["accepted"].as_u64(), Some(sink.taken()), "{status}");
    let left = status["pending"].as_u64();
    assert_eq!(left, Some(number - sink.taken()), "{status}");
    assert_ne!(left, Some(0), "the dispatch was over before the program was told to stop");
    let serving = program.serve().await;
    let status = program.finished(dispatch).await;
    serving.terminate().await;
    assert_eq!(sink.taken(), number);
    let rows = ledger(program.database(), dispatch).await;
    Proof::of(&sink.log(), &rows, &status, 0, CONNECTIONS).holds();
    assert_eq!(status["accepted"].as_u64(), Some(number));
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_drains_in_ten_seconds_and_leaves_no_doubt_on_sqlite() {
    told_to_stop(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_drains_in_ten_seconds_and_leaves_no_doubt_on_postgres() {
    told_to_stop(Engine::Postgres).await;
}

async fn without_a_relay(engine: Engine) {
    let number = 300;
    let port = free_port();
    let (program, serving, dispatch) = sending(engine, &format!("smtp://127.0.0.1:{port}"), number).await;
    let status = until("the status says that the relay does not answer", PATIENCE, async || {
        let status = program.status(dispatch).await;
        status["trouble"].is_string().then_some(status)
    })
    .await;
    assert_eq!((status["accepted"].as_u64(), status["failed"].as_u64()), (Some(0), Some(0)), "{status}");
    let rows = ledger(program.database(), dispatch).await;
    let burnt: Vec<_> = rows.iter().filter(|row| row.tries > 0 || row.state == State::Failed).collect();
    assert!(burnt.is_empty(), "a relay that is not there cost readers a try: {burnt:#?}");

    let address = format!("127.0.0.1:{port}").parse().expect("an address");
    let (sink, _) = sink(SinkOptions { address, ..SinkOptions::default() }).await;
    let status = program.finished(dispatch).await;
    assert!(status["trouble"].is_null(), "{status}");
    serving.terminate().await;
    assert_eq!(sink.taken(), number);
    let rows = ledger(program.database(), dispatch).await;
    Proof::of(&sink.log(), &rows, &status, 0, CONNECTIONS).holds();
    let tried: Vec<_> = rows.iter().filter(|row| row.tries != 1).collect();
    assert!(tried.is_empty(), "everybody was tried once: {tried:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_relay_burns_nobody_on_sqlite() {
    without_a_relay(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_relay_burns_nobody_on_postgres() {
    without_a_relay(Engine::Postgres).await;
}

/// `mail3.example` is gone for good, `mail5.example` wants us to come back.
async fn refused(engine: Engine) {
    let (number, each) = (210_u64, 30_u64);
    let to = |stage, words: (u16, &str), domain: &str| {
        Fault::always(stage, Misdeed::Say(words.0, words.1.into())).to(Who::Domain(domain.into()))
    };
    let faults = vec![
        to(FaultStage::Rcpt, (550, "5.1.1 There is no such mailbox here"), "mail3.example"),
        to(FaultStage::Rcpt, (451, "4.7.1 Greylisted, come back later"), "mail5.example").times(each),
    ];
    let (sink, relay) = sink(SinkOptions { faults, ..SinkOptions::default() }).await;
    let (program, serving, dispatch) = sending(engine, &relay, number).await;
    let status = until("everybody was tried once", PATIENCE, async || {
        let status = program.status(dispatch).await;
        let open =
            ["pending", "claimed", "in_doubt"].iter().filter_map(|name| status[*name].as_u64()).sum::<u64>();
        (status["readers"].as_u64() == Some(number) && open == 0).then_some(status)
    })
    .await;
    let numbers = |status: &serde_json::Value| {
        ["accepted", "deferred", "failed"].map(|name| status[name].as_u64().expect("a number"))
    };
    assert_eq!(numbers(&status), [number - 2 * each, each, each], "{status}");
    assert_eq!(status["state"], "sending", "{status}");
    let rows = ledger(program.database(), dispatch).await;
    for row in &rows {
        let (state, code, words) = match row.email.rsplit_once('@').map(|(_, domain)| domain) {
            Some("mail3.example") => (State::Failed, 550, "no such mailbox"),
            Some("mail5.example") => (State::Deferred, 451, "Greylisted"),
            _ => (State::Accepted, 250, ""),
        };
        let answer = row.answer.as_deref().unwrap_or_default();
        assert_eq!((row.state, row.code, row.tries), (state, Some(code), 1), "{row:?}");
        assert!(answer.contains(words), "{row:?}");
        assert_eq!(row.next_at.is_some(), state == State::Deferred, "{row:?}");
    }
    // Later: they are let in, and nobody else is written to again.
    assert_eq!(hasten(program.database(), dispatch).await, each);
    let status = program.finished(dispatch).await;
    assert_eq!(numbers(&status), [number - each, 0, each], "{status}");
    serving.terminate().await;
    let rows = ledger(program.database(), dispatch).await;
    Proof::of(&sink.log(), &rows, &status, 0, CONNECTIONS).holds();
    assert_eq!(sink.taken(), number - each);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_who_are_refused_have_the_servers_answer_on_sqlite() {
    refused(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_who_are_refused_have_the_servers_answer_on_postgres() {
    refused(Engine::Postgres).await;
}
