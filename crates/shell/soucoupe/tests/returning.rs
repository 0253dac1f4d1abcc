//! What comes back to a program that serves: from the relay's no, and from the built-in listener, to the next edition.

#![allow(clippy::unwrap_used)]

mod program;

use std::time::Duration;

use instance::{Config, Instance};
use program::{EDITION, Program};
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions, Who};
use smtp::{Connection, Route, Timeouts, ungated};
use store::{Statement, Store};
use wire::token::Purpose;

/// A delivery status notification (RFC 3464) in our own words.
fn notification(recipient: &str) -> String {
    [
        "From: Mail Delivery System <mailer-daemon@mx.test.example>",
        "To: <bounce@letters.example>",
        "Subject: Your mail could not be delivered",
        "Date: Mon, 23 Nov 2026 09:00:00 +0000",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"edge\"",
        "",
        "--edge",
        "Content-Type: text/plain",
        "",
        "The mail could not be handed over.",
        "--edge",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.test.example",
        "",
        &format!("Final-Recipient: rfc822; {recipient}"),
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user here",
        "",
        "--edge--",
        "",
    ]
    .join("\r\n")
}

/// The address that the relay was given as the sender of a reader's mail.
async fn return_path(program: &Program, dispatch: &str, address: &str) -> String {
    let mut config = Config::in_folder(program.path("data"));
    config.database_url = program.database();
    let instance = Instance::open(config).await.unwrap();
    let reader = audience::by_email(&instance, &address.parse().unwrap()).await.unwrap().unwrap();
    let token =
        audience::tokens(&instance).sign(Purpose::Verp, dispatch.parse().unwrap(), reader.id.unsigned_abs());
    instance.store.close().await;
    format!("b+{}@letters.example", token.to_lower())
}

async fn suppressed(program: &Program) -> i64 {
    let store = Store::open(&program.database()).await.unwrap();
    let sql = "SELECT COUNT(*) FROM suppressions WHERE reason = 'hard_bounce' AND publication_id = 0";
    let rows =
        store.read_statement(Statement::composed("test.suppressed", sql.into(), vec![])).await.unwrap();
    store.close().await;
    rows[0].int(0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_address_is_dead_is_not_mailed_again_whoever_tells() {
    for mut program in Program::on_both().await {
        let no_user = Misdeed::Say(550, "5.1.1 no such user".into());
        let faults =
            vec![Fault::always(FaultStage::Rcpt, no_user).to(Who::Address("amina@c.example".into()))];
        let sink = Sink::start(SinkOptions { faults, ..SinkOptions::default() }).await.unwrap();
        program.set("SOUCOUPE_SMTP_URL", &format!("smtp://{}", sink.address()));
        program.set("SOUCOUPE_RETURNS_LISTEN", "127.0.0.1:0");
        let server = program.start(&["serve", "--listen", "127.0.0.1:0"]).await;
        let slug = program.furnished().await;
        let dispatch = program.run(&["edition", "send", &slug, "--wait"]).await.well();
        assert_eq!(sink.taken(), 2);

        let path = return_path(&program, dispatch.trim(), "zoe@b.example").await;
        let route = Route::parse(&format!("smtp://{}", server.receiving.clone().unwrap())).unwrap();
        let mut connection = Connection::open(&route, "mx.test.example", Timeouts::default()).await.unwrap();
        let bounce = notification("zoe@b.example");
        connection.deliver("", &path, bounce.as_bytes(), ungated()).await.unwrap();
        let stranger = connection.deliver("", "zoe@b.example", bounce.as_bytes(), ungated()).await;
        assert!(stranger.is_err(), "nothing is passed on");

        // The relay's no is read from the ledger, within seconds.
        let end = tokio::time::Instant::now() + Duration::from_secs(60);
        while suppressed(&program).await < 2 {
            assert!(tokio::time::Instant::now() < end, "{}", suppressed(&program).await);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let edition = program.file("second.md", EDITION.replace("Le phare", "La jetée"));
        let second = program.run(&["edition", "create", &edition]).await.well();
        let sent = program.run(&["edition", "send", second.trim(), "--wait"]).await;
        assert!(sent.err.contains("To 1 reader"), "{sent:?}");
        sent.well();
        assert_eq!(sink.taken(), 3);
        assert_eq!(server.terminated().await, Some(0));
    }
}
