//! The server, and every command beside it.

#![allow(clippy::unwrap_used)]

mod program;

use std::time::Duration;

use program::{EDITION, Program, READERS};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn every_command_speaks_to_the_instance_that_is_served() {
    for mut program in Program::on_both().await {
        let sink = program.with_sink().await;
        let server = program.start(&["serve", "--listen", "127.0.0.1:0"]).await;
        let (status, health) = server.get("/healthz").await;
        assert_eq!(status, 200);
        assert_eq!(serde_json::from_str::<Value>(&health).unwrap()["status"], "ok");
        let slug = program.furnished().await;
        let readers = program.file("again.csv", READERS);
        program.run(&["readers", "import", &readers, "--publication", "gazette"]).await.well();
        let id = program.run(&["edition", "send", &slug, "--wait"]).await.well();
        assert_eq!(sink.taken(), 3);
        let status = program.run(&["dispatch", "status", id.trim(), "--json"]).await.well();
        assert_eq!(serde_json::from_str::<Value>(&status).unwrap()["state"], "finished");
        let file = program.path("while-running.backup").display().to_string();
        program.run(&["backup", &file]).await.well();
        let (status, figures) = server.get("/metrics").await;
        assert_eq!(status, 200);
        assert!(figures.contains("soucoupe_requests_total{method=\"GET\",status=\"200\"}"), "{figures}");
        let row = format!(
            "soucoupe_deliveries{{publication=\"gazette\",dispatch=\"{}\",state=\"accepted\"}} 3",
            id.trim()
        );
        assert!(figures.contains(&row), "{figures}");
        let doctor = program.run(&["doctor"]).await;
        // The PostgreSQL of tests has no fsync, and is told off for it.
        let wrong = doctor.out.lines().filter(|line| line.starts_with("wrong"));
        assert_eq!(wrong.filter(|line| !line.contains("PostgreSQL runs with")).count(), 0, "{}", doctor.out);
        assert!(doctor.out.contains("a server runs"), "{}", doctor.out);
        assert_eq!(server.terminated().await, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_waits_for_its_hour_for_a_pause_and_for_a_server() {
    for mut program in Program::on_both().await {
        let sink = program.with_sink().await;
        let slug = program.furnished().await;
        let later = program.run(&["edition", "send", &slug, "--at", "+2h"]).await;
        assert!(later.err.contains("soucoupe serve"), "{later:?}");
        let later = later.well();
        let state = async |id: &str| {
            let status = program.run(&["dispatch", "status", id.trim(), "--json"]).await.well();
            serde_json::from_str::<Value>(&status).unwrap()["state"].as_str().unwrap().to_owned()
        };
        assert_eq!(state(&later).await, "scheduled");
        program.run(&["dispatch", "pause", later.trim()]).await.well();
        assert_eq!(state(&later).await, "paused");
        program.run(&["dispatch", "resume", later.trim()]).await.well();
        program.run(&["dispatch", "stop", later.trim()]).await.well();
        assert_eq!(state(&later).await, "stopped");
        assert_eq!(program.run(&["dispatch", "stop", later.trim()]).await.code, 1);
        let edition = program.file("second.md", EDITION.replace("Le phare", "La jetée"));
        let second = program.run(&["edition", "create", &edition]).await.well();
        let server = program.start(&["serve", "--listen", "127.0.0.1:0"]).await;
        program.run(&["edition", "send", second.trim(), "--at", "+1s", "--wait"]).await.well();
        assert_eq!(sink.taken(), 3);
        assert_eq!(server.terminated().await, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_puts_readers_off_leaves_rows_open_and_says_so() {
    let mut program = Program::new(None);
    let busy = smtp::sink::Fault::always(
        smtp::sink::FaultStage::Rcpt,
        smtp::sink::Misdeed::Say(450, "4.2.1 try later".into()),
    );
    let faults = vec![busy.to(smtp::sink::Who::Domain("c.example".into()))];
    let sink = smtp::Sink::start(smtp::SinkOptions { faults, ..smtp::SinkOptions::default() }).await.unwrap();
    program.set("SOUCOUPE_SMTP_URL", &format!("smtp://{}", sink.address()));
    let slug = program.furnished().await;
    let told = program.run(&["edition", "send", &slug, "--wait"]).await.refused(1);
    assert!(told.contains("1 deliveries are open"), "{told}");
    let failures = program.run(&["dispatch", "failures", "1"]).await.well();
    assert!(failures.starts_with("amina@c.example\tdeferred 450"), "{failures}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_in_the_middle_of_a_dispatch_loses_nobody() {
    for mut program in Program::on_both().await {
        let far = smtp::ListenerOptions {
            answer_delay: Duration::from_millis(20),
            ..smtp::ListenerOptions::default()
        };
        let sink = smtp::Sink::start(smtp::SinkOptions { listener: far, ..smtp::SinkOptions::default() })
            .await
            .unwrap();
        program.set("SOUCOUPE_SMTP_URL", &format!("smtp://{}", sink.address()));
        program.set("SOUCOUPE_SMTP_CONNECTIONS", "4");
        let slug = program.furnished().await;
        let many: String = (0..400).map(|number| format!("r{number}@many.example\n")).collect();
        let many = program.file("many.csv", format!("email\n{many}"));
        program.run(&["readers", "import", &many, "--publication", "gazette"]).await.well();
        let server = program.start(&["serve", "--listen", "127.0.0.1:0"]).await;
        let id = program.run(&["edition", "send", &slug]).await.well();
        while sink.taken() < 30 {
            program.run(&["dispatch", "status", id.trim()]).await.well();
        }
        assert_eq!(server.terminated().await, Some(0));
        assert!(sink.taken() < 403, "the dispatch was too fast to be stopped");
        let server = program.start(&["serve", "--listen", "127.0.0.1:0"]).await;
        while !program.run(&["dispatch", "status", id.trim()]).await.well().contains(": finished\n") {}
        let mut to: Vec<String> = sink.log().iter().map(|mail| mail.to.to_string()).collect();
        let mails = to.len();
        to.sort();
        to.dedup();
        // Stopped in good order, so that nothing was in doubt.
        assert_eq!((to.len(), mails), (403, 403));
        assert_eq!(server.terminated().await, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_said_before_anything_is_opened() {
    let program = Program::new(None);
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let told = program.run(&["serve", "--listen", &address]).await.refused(2);
    assert!(told.contains(&format!("cannot listen on {address}: another program uses it already")), "{told}");
    assert!(!program.path("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_complete_and_a_second_start_adds_nothing() {
    let program = Program::new(None);
    let data = program.path("demo");
    let (demo, printed) = program.start_demo(&data).await;
    assert!(printed.contains("/desk/sign-in/") && printed.contains("/desk/catcher"), "{printed}");
    for path in [
        "/healthz",
        "/la-goupille/",
        "/la-goupille/lisez-la-notice",
        "/assets/demo/banc.png",
        "/the-cotter-pin/",
    ] {
        assert_eq!(demo.get(path).await.0, 200, "{path}");
    }
    assert_eq!(demo.get("/la-goupille/le-dernier-de-la-file").await.0, 404);
    let config = data.join("soucoupe.toml").display().to_string();
    let mut plain = Program::new(None);
    plain.unset("SOUCOUPE_DATA");
    plain.unset("SOUCOUPE_BASE_URL");
    let ask = async |question: &[&str]| plain.run(&[&["--config", &config], question].concat()).await.well();
    let export = ask(&["readers", "export", "--publication", "la-goupille"]).await;
    assert_eq!(export.lines().count(), 5_001);
    let editions = ask(&["edition", "list", "--publication", "la-goupille"]).await;
    // The newest goes to a few readers as the demo starts, and may still be on its way.
    let left = |line: &&str| line.contains("\tsent\t") || line.contains("\tsending\t");
    assert_eq!(editions.lines().filter(left).count() + 1, editions.lines().count());
    let test = ask(&["edition", "send", "le-dernier-de-la-file", "--to", "me@here.example", "--wait"]).await;
    assert!(!test.is_empty());
    assert_eq!(demo.terminated().await, Some(0));
    let (again, _) = program.start_demo(&data).await;
    assert_eq!(ask(&["readers", "export", "--publication", "la-goupille"]).await.lines().count(), 5_001);
    assert_eq!(ask(&["edition", "list", "--publication", "la-goupille"]).await.lines().count(), 7);
    assert_eq!(again.terminated().await, Some(0));
}
