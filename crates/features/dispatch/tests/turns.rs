//! Whose turn it is: who waits stands in nobody's way, and is not forgotten.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::net::SocketAddr;
use std::time::Duration;

use audience::Audience;
use dispatch::Dispatch;
use house::{edition, gazette, numbers, readers, send, sender, sender_called, until};
use instance::{Instance, Process, RouteConfig, Signing};
use publications::Publication;
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions, Who};
use store::Statement;
use testkit::{House, Names, on_both};

fn route(name: &str, url: String) -> RouteConfig {
    RouteConfig {
        name: name.into(),
        url,
        weight: 1,
        connections: 4,
        rate: None,
        daily_cap: None,
        warm_up: None,
        signing: Signing::Ours,
    }
}

fn to(name: &str, sink: &Sink) -> RouteConfig {
    route(name, format!("smtp://{}", sink.address()))
}

async fn with_routes(house: &House, routes: Vec<RouteConfig>, dns: Option<SocketAddr>) -> Instance {
    let mut config = (*house.instance.config).clone();
    config.routes = routes;
    config.dns = dns;
    Instance::with(house.instance.store.clone(), config, house.instance.clock.clone()).await.unwrap()
}

async fn asked_by(instance: &Instance, number: usize) -> (Publication, Dispatch) {
    let publication = gazette(instance).await;
    readers(instance, &publication, number).await;
    let edition = edition(instance, &publication).await;
    let made = dispatch::create(instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
    (publication, made)
}

async fn change(instance: &Instance, sql: &str) {
    let statement = Statement::composed("test.change", sql.to_owned(), vec![]);
    instance.store.transaction(vec![statement]).await.unwrap();
}

fn has(sink: &Sink, address: &str) -> bool {
    sink.log().iter().any(|one| one.to.to_string() == address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_to_whom_alone_the_relay_does_not_carry_keeps_nobody_from_getting_it() {
    on_both(|house| async move {
        let no = Misdeed::Say(554, "5.7.1 relay access denied".into());
        let fault = Fault::always(FaultStage::Rcpt, no).to(Who::Address("reader1@example1.test".into()));
        let sink = Sink::start(SinkOptions { faults: vec![fault], ..SinkOptions::default() }).await.unwrap();
        let instance = with_routes(&house, vec![to("one", &sink)], None).await;
        let (_, made) = asked_by(&instance, 20).await;
        let (stop, running) = sender(&instance).await;
        until("the dispatch is over", || async {
            instance.clock.advance(policy::HOUR);
            numbers(&instance, made.id).await.0 == "finished"
        })
        .await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(sink.taken(), 19);
        let failed = dispatch::failures(&instance, made.id, 0, 10).await.unwrap();
        assert_eq!((failed.len(), failed[0].code), (1, Some(554)));
        assert!(failed[0].tries > 10, "for two days: {failed:?}");
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_asked_to_come_back_does_not_wait_until_all_others_had_their_turn() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let slow = RouteConfig { rate: Some(5), ..to("slow", &sink) };
        let instance = with_routes(&house, vec![slow], None).await;
        let (_, made) = asked_by(&instance, 2_500).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        // All of the first five hundred have it, but for one whose server said "later".
        change(&instance, "UPDATE deliveries SET state = 3 WHERE seq BETWEEN 2 AND 500").await;
        change(&instance, "UPDATE deliveries SET state = 4, tries = 1, next_at = 1 WHERE seq = 1").await;
        change(&instance, "UPDATE chunks SET state = 2 WHERE number = 0").await;
        let (stop, running) = sender(&instance).await;
        until("the one who waited has it", || async { has(&sink, "reader0@example0.test") }).await;
        assert!(sink.taken() < 1_000, "{}", sink.taken());
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(dispatch::status(&instance, made.id).await.unwrap().claimed, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_are_due_in_a_large_dispatch_do_not_stand_before_those_of_a_small_one() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let slow = RouteConfig { rate: Some(5), ..to("slow", &sink) };
        let instance = with_routes(&house, vec![slow], None).await;
        let (publication, large) = asked_by(&instance, 2_500).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        let edition = edition(&instance, &publication).await;
        let to = Audience::Address(wire::Address::parse("reader7@example0.test").unwrap());
        dispatch::create(&instance, &publication, &edition, &to, None).await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        change(&instance, "UPDATE deliveries SET state = 4, tries = 1, next_at = 2").await;
        let earlier = format!("UPDATE deliveries SET next_at = 1 WHERE dispatch_id = {}", large.id);
        change(&instance, &earlier).await;
        change(&instance, "UPDATE chunks SET state = 2").await;
        // The large dispatch reaches this reader too, but much later.
        change(
            &instance,
            &format!("{earlier} AND seq = 8").replace("next_at = 1", "next_at = NULL, state = 3"),
        )
        .await;
        let (stop, running) = sender(&instance).await;
        until("the small one is sent", || async { has(&sink, "reader7@example0.test") }).await;
        assert!(sink.taken() < 1_000, "{}", sink.taken());
        stop.send(true).unwrap();
        running.await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_is_that_of_the_new_day_from_its_first_moment() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let capped = RouteConfig { daily_cap: Some(25), ..to("capped", &sink) };
        let instance = with_routes(&house, vec![capped], None).await;
        let (_, made) = asked_by(&instance, 60).await;
        let (stop, running) = sender(&instance).await;
        for (taken, waiting) in [(25, 35), (50, 10), (60, 0)] {
            until("the cap of the day is used up", || async {
                instance.clock.advance(policy::SECOND);
                let status = dispatch::status(&instance, made.id).await.unwrap();
                (sink.taken(), status.pending) == (taken, waiting) && status.claimed + status.in_doubt == 0
            })
            .await;
            // Nobody waits for a second night.
            let now = instance.now_us();
            instance.clock.advance(routes::next_day(now) - now);
            instance.mail_waits.notify_waiters();
        }
        until("it is over", || async { numbers(&instance, made.id).await.0 == "finished" }).await;
        stop.send(true).unwrap();
        running.await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_dies_does_not_forget_what_it_carried_today() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let capped = RouteConfig { daily_cap: Some(25), ..to("capped", &sink) };
        let instance = with_routes(&house, vec![capped], None).await;
        let (_, made) = asked_by(&instance, 60).await;
        let (stop, running) = sender_called(&instance, "test").await;
        until("the ledger has what was carried", || async {
            dispatch::status(&instance, made.id).await.unwrap().accepted == 25
        })
        .await;
        running.abort();
        drop(stop);
        let _ = running.await;
        send(&instance).await;
        assert_eq!(sink.taken(), 25);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_go_by_no_other_route_today_waits_at_the_door_of_the_one_that_is_down() {
    on_both(|house| async move {
        let (dead, sink) = (
            Sink::start(SinkOptions::default()).await.unwrap(),
            Sink::start(SinkOptions::default()).await.unwrap(),
        );
        let away = to("away", &dead);
        let address = dead.address();
        dead.stop().await;
        let capped = RouteConfig { daily_cap: Some(25), ..to("capped", &sink) };
        let instance = with_routes(&house, vec![away, capped], None).await;
        let (_, made) = asked_by(&instance, 60).await;
        let (stop, running) = sender(&instance).await;
        // In hand, and not claimed and put back again and again.
        until("the rest waits", || async {
            let status = dispatch::status(&instance, made.id).await.unwrap();
            (status.accepted, status.claimed) == (25, 35)
        })
        .await;
        let back = Sink::start(SinkOptions { address, ..SinkOptions::default() }).await.unwrap();
        until("everybody has it", || async {
            instance.clock.advance(policy::MINUTE);
            numbers(&instance, made.id).await.0 == "finished"
        })
        .await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!((sink.taken(), back.taken()), (25, 35));
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_mail_servers_that_do_not_answer_do_not_fill_the_memory() {
    on_both(|house| async move {
        let options = SinkOptions { greeting_delay: Duration::from_secs(3_600), ..SinkOptions::default() };
        let sink = Sink::start(options).await.unwrap();
        let (mut zone, mut csv) = (String::new(), String::from("email\n"));
        for n in 0..6_000 {
            zone.push_str(&format!("d{n}.test MX 10 mx.host{n}.test\nmx.host{n}.test A 127.0.0.1\n"));
            csv.push_str(&format!("reader@d{n}.test\n"));
        }
        let names = Names::start(&zone).await;
        let direct = route("own", format!("direct:?port={}", sink.address().port()));
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        let options = audience::import::Options::default();
        let csv = std::io::Cursor::new(csv.into_bytes());
        audience::import(&instance, &publication, csv, options).await.unwrap();
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        let (stop, running) = sender(&instance).await;
        let mut last = (0, 0);
        until("nothing more is claimed", || async {
            dispatch::status(&instance, made.id).await.unwrap().claimed >= 2_000
        })
        .await;
        // As long as it goes on looking names up, it may claim more.
        loop {
            let now = (dispatch::status(&instance, made.id).await.unwrap().claimed, names.asked().len());
            if now == last {
                break;
            }
            last = now;
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
        assert!(last.0 <= 4_000, "{last:?}");
        stop.send(true).unwrap();
        running.await.unwrap();
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_room_does_not_wait_behind_hundreds_who_have_none() {
    on_both(|house| async move {
        let (good, silent) = loop {
            let good = Sink::start(SinkOptions::default()).await.unwrap();
            let address = SocketAddr::from(([127, 0, 0, 2], good.address().port()));
            let greeting_delay = Duration::from_secs(3_600);
            let silent = SinkOptions { address, greeting_delay, ..SinkOptions::default() };
            // Another test may have that port.
            if let Ok(silent) = Sink::start(silent).await {
                break (good, silent);
            }
        };
        let names = Names::start(&format!(
            "good.test MX 10 mx.good.test\nmx.good.test A {}\n\
             silent.test MX 10 mx.silent.test\nmx.silent.test A {}\n",
            good.address().ip(),
            silent.address().ip()
        ))
        .await;
        let direct = route("own", format!("direct:?port={}", good.address().port()));
        let direct = RouteConfig { connections: 20, ..direct };
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        let mut csv = String::from("email\n");
        for (domain, number) in [("silent.test", 390), ("good.test", 100)] {
            for n in 0..number {
                csv.push_str(&format!("reader{n}@{domain}\n"));
            }
        }
        let options = audience::import::Options::default();
        let csv = std::io::Cursor::new(csv.into_bytes());
        audience::import(&instance, &publication, csv, options).await.unwrap();
        let edition = edition(&instance, &publication).await;
        dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        let (stop, running) = sender(&instance).await;
        until("all who can have it", || async { good.taken() == 100 }).await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(silent.taken(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_our_own_name_server_is_away_no_reader_loses_a_try() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let names = Names::start("fails example\nfails test\n").await;
        let direct = route("own", format!("direct:?port={}", sink.address().port()));
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let (_, made) = asked_by(&instance, 30).await;
        for _ in 0..3 {
            send(&instance).await;
            let status = dispatch::status(&instance, made.id).await.unwrap();
            assert_eq!((status.pending, status.waiting, status.deferred), (30, 30, 0));
            instance.clock.advance(policy::HOUR);
        }
        let mut zone = String::new();
        for n in 0..7 {
            zone.push_str(&format!("example{n}.test MX 10 mx.test\n"));
        }
        names.set(&format!("{zone}mx.test A 127.0.0.1\n"));
        send(&instance).await;
        assert_eq!(sink.taken(), 30);
        numbers(&instance, made.id).await
    })
    .await;
}
