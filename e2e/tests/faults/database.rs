//! A database that crashes under a dispatch.

use e2e::{CONNECTIONS, Cluster, Program, is_long, sink, slow, taken, to_the_end};

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_crashes_and_comes_back_loses_nobody() {
    let (number, crashes) = if is_long() { (20_000, 20) } else { (2_000, 3) };
    let cluster = Cluster::start();
    let (sink, relay) = sink(slow()).await;
    let program = Program::on(Some(cluster.url()), &relay).gazette().await;
    let slug = program.ready(number).await;
    let mut serving = program.serve().await;
    let dispatch = program.send(&slug).await;
    for crash in 1..=crashes {
        taken(&sink, number * crash / (crashes + 2)).await;
        cluster.crash();
        assert!(serving.runs(), "a database that is away is no reason to end");
        let status = program.status(dispatch).await;
        assert_ne!(status["state"], "finished", "the dispatch was over before crash {crash}");
    }
    let extra = crashes as usize * CONNECTIONS;
    to_the_end(&program, serving, dispatch, || sink.log(), number, extra).await;
}
