//! How many mails may be in doubt: one for each connection, whatever the database does meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::time::Duration;

use house::{asked, numbers, sender, until};
use instance::{Instance, Process};
use smtp::{ListenerOptions, SinkOptions};
use store::Statement;
use testkit::House;

/// A statement that only PostgreSQL understands, or that only this test needs.
fn statement(sql: &str) -> Statement {
    Statement::composed("test.statement", sql.to_owned(), Vec::new())
}

async fn count(instance: &Instance, sql: &str) -> i64 {
    let rows = instance.store.read_statement(statement(sql)).await.unwrap();
    rows[0].int(0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_has_one_mail_in_doubt_also_where_several_pens_write_and_one_of_them_waits() {
    let house = House::on_postgres().await;
    let listener = ListenerOptions { answer_delay: Duration::from_millis(300), ..ListenerOptions::default() };
    let options = SinkOptions { listener, ..SinkOptions::default() };
    let (sink, mut instance, made) = asked(&house, options, 501).await;
    let mut config = (*instance.config).clone();
    config.smtp_connections = 1;
    instance.config = config.into();
    let process = Process::announce(&instance, "test").await.unwrap();
    dispatch::freeze_due(&instance, &process).await.unwrap();
    // Two are left: the last of the first chunk, and the only one of the second.
    let done = statement("UPDATE deliveries SET state = 3, code = 250 WHERE seq < 500");
    instance.store.transaction(vec![done]).await.unwrap();
    let (stop, running) = sender(&instance).await;
    until("the first of them is in doubt", || async {
        count(&instance, "SELECT COUNT(*) FROM deliveries WHERE seq = 500 AND state = 2").await == 1
    })
    .await;
    // Somebody else has its row: what the relay says of it cannot be written down for a while.
    let store = instance.store.clone();
    let holding = tokio::spawn(async move {
        let hold = statement("UPDATE deliveries SET tries = tries WHERE seq = 500");
        store.transaction(vec![hold, statement("SELECT 1 FROM pg_sleep(2)")]).await.unwrap();
    });
    let mut most = 0;
    while numbers(&instance, made.id).await.0 != "finished" {
        most = most.max(count(&instance, "SELECT COUNT(*) FROM deliveries WHERE state = 2").await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    holding.await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(sink.taken(), 2);
    assert_eq!(most, 1, "mails in doubt at once on one connection");
}
