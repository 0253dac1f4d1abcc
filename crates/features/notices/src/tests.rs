//! Stories, each told on both engines and through a real socket.

use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use smtp::sink::{Fault, FaultStage, Misdeed, Who};
use smtp::{Sink, SinkOptions};
use store::{Query, params};
use testkit::{House, assert_no_full_scan, on_both};
use tokio::sync::watch;
use wire::{Address, Mailbox};

use crate::{Notice, Passed, State, deliver, deliver_due, failed, forgetting, queries, queue};

const ROWS: Query =
    Query::new("notices.test_rows", "SELECT state, tries, LENGTH(message) FROM notices ORDER BY dedupe");
const MINUTE: i64 = 60_000_000;

async fn sink(faults: Vec<Fault>) -> Sink {
    Sink::start(SinkOptions { faults, keep_messages: true, ..SinkOptions::default() }).await.unwrap()
}

/// The instance of a house with a relay.
fn with_relay(house: &House, url: String) -> Instance {
    let mut instance = house.instance.clone();
    let mut config = (*instance.config).clone();
    config.smtp_url = Some(url);
    instance.config = Arc::new(config);
    instance
}

fn relay(sink: &Sink) -> String {
    format!("smtp://{}", sink.address())
}

async fn put(instance: &Instance, to: &str, dedupe: &str) -> bool {
    let sender = Mailbox::parse("Ada <ada@gazette.example>").unwrap();
    let to = Address::parse(to).unwrap();
    let notice = Notice {
        kind: "confirm",
        sender: &sender,
        reply_to: None,
        to: &to,
        subject: "Encore un clic, Zoé",
        text: "Confirmer\nhttps://letters.example/r/confirm/abc\n",
        html: "<!doctype html><p>Confirmer</p>",
        dedupe,
        by_form: true,
    };
    queue(instance, notice).await.unwrap()
}

async fn rows(instance: &Instance) -> Vec<(i64, i64, bool)> {
    let rows = instance.store.read(ROWS, params![]).await.unwrap();
    rows.iter().map(|row| (row.int(0).unwrap(), row.int(1).unwrap(), row.int(2).unwrap() == 0)).collect()
}

fn passed(accepted: u64, deferred: u64, failed: u64) -> Passed {
    Passed { accepted, deferred, failed }
}

#[tokio::test]
async fn a_notice_is_queued_once_delivered_once_and_its_words_are_forgotten() {
    on_both(|house| async move {
        let sink = sink(vec![]).await;
        let instance = with_relay(&house, relay(&sink));
        assert!(put(&instance, "zoe@letters.example", "confirm 1").await);
        assert!(!put(&instance, "zoe@letters.example", "confirm 1").await);
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(1, 0, 0));
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(0, 0, 0));
        assert_eq!(rows(&instance).await, [(State::Accepted.column(), 1, true)]);
        let mail = String::from_utf8(sink.messages().remove(0)).unwrap();
        for part in [
            "Auto-Submitted: auto-generated",
            "Form-Sub: v=1;",
            "To: zoe@letters.example",
            "@letters.example>",
        ] {
            assert!(mail.contains(part), "{part}\n{mail}");
        }
        assert!(!mail.contains("List-"), "{mail}");
        sink.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_and_one_for_good_is_kept_with_the_answer() {
    on_both(|house| async move {
        let busy = Fault::always(FaultStage::Rcpt, Misdeed::Say(451, "4.3.2 try later".into()))
            .to(Who::Address("later@letters.example".into()))
            .times(2);
        let unknown = Fault::always(FaultStage::Rcpt, Misdeed::Say(550, "5.1.1 no such user".into()))
            .to(Who::Address("nobody@letters.example".into()));
        let sink = sink(vec![busy, unknown]).await;
        let instance = with_relay(&house, relay(&sink));
        put(&instance, "later@letters.example", "1").await;
        put(&instance, "nobody@letters.example", "2").await;
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(0, 1, 1));
        let lost = failed(&instance, 10).await.unwrap();
        assert_eq!((lost[0].recipient.as_str(), lost[0].code), ("nobody@letters.example", Some(550)));
        assert!(lost[0].answer.as_deref().unwrap().contains("no such user"));
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(0, 0, 0), "not before its time");
        instance.clock.advance(2 * MINUTE);
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(0, 1, 0));
        instance.clock.advance(3 * MINUTE);
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(1, 0, 0));
        let end = rows(&instance).await;
        sink.stop().await;
        end
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_for_too_long_fails() {
    on_both(|house| async move {
        let sink =
            sink(vec![Fault::always(FaultStage::Rcpt, Misdeed::Say(451, "4.2.1 greylisted".into()))]).await;
        let instance = with_relay(&house, relay(&sink));
        put(&instance, "zoe@letters.example", "1").await;
        let mut tries = 0;
        while failed(&instance, 1).await.unwrap().is_empty() {
            deliver_due(&instance).await.unwrap();
            instance.clock.advance(11 * MINUTE);
            tries += 1;
        }
        sink.stop().await;
        tries
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_is_away_costs_no_try() {
    on_both(|house| async move {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let away = with_relay(&house, format!("smtp://{nobody}"));
        put(&away, "a@letters.example", "1").await;
        put(&away, "b@letters.example", "2").await;
        for _ in 0..3 {
            assert_eq!(deliver_due(&away).await.unwrap(), passed(0, 2, 0));
            away.clock.advance(MINUTE);
        }
        assert_eq!(rows(&away).await, [(0, 0, false), (0, 0, false)]);
        away.clock.advance(24 * 60 * MINUTE);
        let sink =
            sink(vec![Fault::always(FaultStage::Mail, Misdeed::Say(421, "4.3.2 closing".into())).times(1)])
                .await;
        let back = with_relay(&house, relay(&sink));
        assert_eq!(deliver_due(&back).await.unwrap(), passed(0, 2, 0));
        back.clock.advance(MINUTE);
        assert_eq!(deliver_due(&back).await.unwrap(), passed(2, 0, 0));
        sink.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_process_had_in_hand_when_it_died_is_delivered_by_another() {
    on_both(|house| async move {
        let sink = sink(vec![]).await;
        let instance = with_relay(&house, relay(&sink));
        put(&instance, "a@letters.example", "1").await;
        put(&instance, "b@letters.example", "2").await;
        let (living, left) = (
            Process::announce(&instance, "serve").await.unwrap(),
            Process::announce(&instance, "send").await.unwrap(),
        );
        for process in [&living, &left] {
            let values = params![process.id, instance.now_us(), 1];
            assert_eq!(instance.store.write(queries::CLAIM, values).await.unwrap().len(), 1);
        }
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(0, 0, 0), "both live");
        left.leave(&instance).await.unwrap();
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(1, 0, 0));
        // Silent for too long is dead, too.
        instance.clock.advance(21_000_000);
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(1, 0, 0));
        assert_eq!(sink.taken(), 2);
        sink.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_job_delivers_what_is_queued_while_it_runs_and_stops_when_told() {
    on_both(|house| async move {
        let sink = sink(vec![]).await;
        let instance = with_relay(&house, relay(&sink));
        put(&instance, "old@letters.example", "old").await;
        deliver_due(&instance).await.unwrap();
        instance.clock.advance((crate::KEPT_DAYS + 1) * 24 * 60 * MINUTE);
        let process = Process::announce(&instance, "serve").await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let job = tokio::spawn(deliver(instance.clone(), process, stopping));
        put(&instance, "new@letters.example", "new").await;
        let delivered = async {
            while rows(&instance).await != [(State::Accepted.column(), 1, true)] {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), delivered)
            .await
            .expect("delivered, and the old one forgotten");
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(60), job).await.expect("the job stops").unwrap();
        let address = Address::parse("new@letters.example").unwrap();
        instance.store.transaction(vec![forgetting(&address)]).await.unwrap();
        assert_eq!(rows(&instance).await, []);
        sink.stop().await;
    })
    .await;
}

#[tokio::test]
async fn looking_for_work_reads_no_table_from_end_to_end() {
    for (query, values) in
        [(queries::CLAIM, params![1, 0, 20]), (queries::RETURN_FROM_THE_DEAD, params![0, "[1]"])]
    {
        assert_no_full_scan(query, values, &["notices"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_found_nothing_does_not_make_the_next_notice_wait_for_a_relay_that_is_back() {
    on_both(|house| async move {
        let sink = sink(vec![Fault::always(FaultStage::Greeting, Misdeed::Close).times(5)]).await;
        let instance = with_relay(&house, relay(&sink));
        let process = Process::announce(&instance, "test").await.unwrap();
        let mut courier = crate::pass::Courier::new(&instance, &process).unwrap();
        assert!(put(&instance, "zoe@b.example", "one").await);
        for _ in 0..5 {
            courier.pass(|| false).await.unwrap();
            instance.clock.advance(5_000_000);
        }
        let forget = forgetting(&Address::parse("zoe@b.example").unwrap());
        instance.store.transaction(vec![forget]).await.unwrap();
        // The way may be tried again, and there is nothing to try it with.
        instance.clock.advance(MINUTE);
        assert_eq!(courier.pass(|| false).await.unwrap(), passed(0, 0, 0));
        assert!(put(&instance, "ada@b.example", "two").await);
        assert_eq!(courier.pass(|| false).await.unwrap(), passed(1, 0, 0));
    })
    .await;
}

fn route(name: &str, url: String, weight: u32) -> instance::RouteConfig {
    instance::RouteConfig {
        name: name.into(),
        url,
        weight,
        connections: 1,
        rate: Some(1),
        daily_cap: Some(1),
        warm_up: None,
        signing: instance::Signing::Ours,
    }
}

#[tokio::test]
async fn a_notice_takes_the_first_route_that_works_whatever_pace_and_cap_editions_keep() {
    on_both(|house| async move {
        let dead = sink(vec![]).await;
        let dead_url = relay(&dead);
        dead.stop().await;
        let no = Misdeed::Say(554, "5.7.1 we do not speak with you".into());
        let hostile = sink(vec![Fault::always(FaultStage::Greeting, no)]).await;
        let works = sink(vec![]).await;
        let mut instance = house.instance.clone();
        let mut config = (*instance.config).clone();
        config.routes = vec![
            route("straight", "direct:".into(), 9),
            route("reserve", relay(&works), 0),
            route("dead", dead_url, 1),
            route("hostile", relay(&hostile), 1),
        ];
        instance.config = Arc::new(config);
        for n in 0..8 {
            put(&instance, &format!("reader{n}@b.example"), &n.to_string()).await;
        }
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(8, 0, 0));
        assert_eq!(works.taken(), 8);
        let end = rows(&instance).await;
        hostile.stop().await;
        works.stop().await;
        end
    })
    .await;
}

#[tokio::test]
async fn straight_to_its_reader_a_notice_finds_the_mail_server_or_fails_at_once() {
    on_both(|house| async move {
        let there = sink(vec![]).await;
        let names = testkit::Names::start(
            "b.test MX 10 mx.b.test\nmx.b.test A 127.0.0.1\nnone.test MX 0 .\nfails broken.test\n",
        )
        .await;
        let mut instance = house.instance.clone();
        let mut config = (*instance.config).clone();
        config.dns = Some(names.address());
        config.routes = vec![route("own", format!("direct:?port={}", there.address().port()), 1)];
        instance.config = Arc::new(config);
        put(&instance, "zoe@b.test", "1").await;
        put(&instance, "zoe@none.test", "2").await;
        put(&instance, "zoe@broken.test", "3").await;
        assert_eq!(deliver_due(&instance).await.unwrap(), passed(1, 1, 1));
        let lost = failed(&instance, 10).await.unwrap();
        assert_eq!((lost[0].recipient.as_str(), lost[0].code), ("zoe@none.test", Some(556)));
        let end = rows(&instance).await;
        there.stop().await;
        end
    })
    .await;
}
