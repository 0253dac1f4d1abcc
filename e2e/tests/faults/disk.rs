//! A disk that fills up, and one that cannot keep what it is given.

use e2e::{
    CONNECTIONS, Engine, FailingSyncs, PATIENCE, Program, SmallDisk, sending, sink, slow, taken, to_the_end,
    until,
};

/// Readers of a dispatch; enough to need more than what is left on the disk, whatever the ledger writes in groups.
const READERS: u64 = 2_000;
/// Room for the instance.
const DISK: u64 = 32 * 1024 * 1024;
/// Left when the sending goes on: less than the ledger needs, more than the start does.
const LEFT: u64 = 512 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_sending_with_a_clear_word_and_it_goes_on_when_there_is_room() {
    let (sink, relay) = sink(slow()).await;
    let program = Program::on(None, &relay);
    let disk = SmallDisk::over(&program.data(), DISK);
    let program = program.gazette().await;
    let slug = program.ready(READERS).await;
    let serving = program.serve().await;
    let dispatch = program.send(&slug).await;
    taken(&sink, 100).await;
    // A database that was closed has no log beside it: from here on the log needs room that is not there.
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
    disk.fill(LEFT);
    let mut serving = program.serve().await;
    until("the program says that the disk is full, and what that means", PATIENCE, async || {
        (program.says("disk is full") && program.says("the ledger does not take what happened")).then_some(())
    })
    .await;
    assert!(sink.taken() < READERS, "the disk was full before everybody had the letter");
    assert!(serving.runs(), "a full disk is no reason to end");
    disk.free();
    let proof = to_the_end(&program, serving, dispatch, || sink.log(), READERS, 0).await;
    assert_eq!(proof.extra, 0, "what could not be written down did not leave");
    drop(disk);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_no_sync_works_no_mail_leaves_and_none_is_called_sent() {
    let (sink, relay) = sink(slow()).await;
    let (program, mut serving, dispatch) = sending(Engine::Sqlite, &relay, READERS).await;
    taken(&sink, 100).await;
    let failing = FailingSyncs::of(serving.pid(), program.folder()).await;
    until("the ledger was refused several times", PATIENCE, async || {
        (failing.count() >= 5 && program.says("the ledger does not take what happened")).then_some(())
    })
    .await;
    let first = failing.first().unwrap_or(u64::MAX);
    failing.end().await;
    let until_then = sink.log();
    // The last bytes that left after the first failure were of mails whose doubt had been kept before it.
    let after = until_then.iter().filter(|mail| mail.time_us > first).count();
    assert!(after <= CONNECTIONS, "{after} mails left while nothing could be kept");
    assert!((until_then.len() as u64) < READERS, "the dispatch was over before a sync failed");
    assert!(serving.runs(), "a sync that fails is no reason to end");
    let proof = to_the_end(&program, serving, dispatch, || sink.log(), READERS, 0).await;
    assert_eq!(proof.extra, 0);
}
