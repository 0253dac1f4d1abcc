//! Several ways out: shares, fail-over, caps, straight to the readers' mail servers, and who stands in whose way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::net::SocketAddr;

use audience::Audience;
use dispatch::Dispatch;
use house::{edition, gazette, numbers, readers, send, sender, until};
use instance::{Instance, RouteConfig, Signing};
use publications::Publication;
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions, Who};
use store::{Statement, Value};
use testkit::{House, Names, on_both};

fn route(name: &str, url: String, weight: u32) -> RouteConfig {
    RouteConfig {
        name: name.into(),
        url,
        weight,
        connections: 4,
        rate: None,
        daily_cap: None,
        warm_up: None,
        signing: Signing::Ours,
    }
}

fn to(name: &str, sink: &Sink, weight: u32) -> RouteConfig {
    route(name, format!("smtp://{}", sink.address()), weight)
}

async fn with_routes(house: &House, routes: Vec<RouteConfig>, dns: Option<SocketAddr>) -> Instance {
    let mut config = (*house.instance.config).clone();
    config.routes = routes;
    config.dns = dns;
    Instance::with(house.instance.store.clone(), config, house.instance.clock.clone()).await.unwrap()
}

async fn a_sink(faults: Vec<Fault>) -> Sink {
    Sink::start(SinkOptions { faults, keep_messages: true, ..SinkOptions::default() }).await.unwrap()
}

async fn bring(instance: &Instance, publication: &Publication, csv: String) {
    let options = audience::import::Options::default();
    audience::import(instance, publication, Cursor::new(csv.into_bytes()), options).await.unwrap();
}

async fn dispatched(instance: &Instance, publication: &Publication) -> Dispatch {
    let edition = edition(instance, publication).await;
    dispatch::create(instance, publication, &edition, &Audience::Everyone, None).await.unwrap()
}

/// Rows of the ledger by what a column of the query says.
async fn counted(instance: &Instance, sql: &str) -> Vec<(String, i64)> {
    let statement = Statement::composed("test.counted", sql.to_owned(), Vec::<Value>::new());
    let rows = instance.store.read_statement(statement).await.unwrap();
    rows.iter().map(|row| (row.text(0).unwrap(), row.int(1).unwrap())).collect()
}

async fn by_route(instance: &Instance) -> Vec<(String, i64)> {
    let sql = "SELECT x.name, COUNT(*) FROM deliveries d JOIN routes x ON x.id = d.route_id
        WHERE d.state = 3 GROUP BY x.name ORDER BY x.name";
    counted(instance, sql).await
}

fn distinct(sinks: &[&Sink]) -> usize {
    let all: BTreeSet<String> =
        sinks.iter().flat_map(|sink| sink.log()).map(|accepted| accepted.to.to_string()).collect();
    all.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_carry_exactly_their_shares_and_the_ledger_knows_which_took_what() {
    on_both(|house| async move {
        let (one, other, reserve) = (a_sink(vec![]).await, a_sink(vec![]).await, a_sink(vec![]).await);
        let routes = vec![to("one", &one, 2), to("other", &other, 1), to("reserve", &reserve, 0)];
        let instance = with_routes(&house, routes, None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 600).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!([one.taken(), other.taken(), reserve.taken()], [400, 200, 0]);
        assert_eq!(by_route(&instance).await, [("one".to_owned(), 400), ("other".to_owned(), 200)]);
        let status = dispatch::status(&instance, made.id).await.unwrap();
        assert_eq!(status.routes, [("one".to_owned(), 400), ("other".to_owned(), 200)].into());
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_sends_by_the_routes_it_chose() {
    on_both(|house| async move {
        let (one, other) = (a_sink(vec![]).await, a_sink(vec![]).await);
        let instance = with_routes(&house, vec![to("one", &one, 1), to("other", &other, 1)], None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 20).await;
        let all = routes::register(&instance).await.unwrap();
        routes::choose(&instance, publication.id, &[(all[1].id, 5)]).await.unwrap();
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!([one.taken(), other.taken()], [0, 20]);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_away_leaves_its_share_to_the_other_and_then_to_the_reserve() {
    on_both(|house| async move {
        let dead = a_sink(vec![]).await;
        let mut routes = vec![to("dead", &dead, 3)];
        dead.stop().await;
        let no = Misdeed::Say(554, "5.7.1 we do not speak with you".into());
        let hostile = a_sink(vec![Fault::always(FaultStage::Greeting, no)]).await;
        let reserve = a_sink(vec![]).await;
        routes.extend([to("hostile", &hostile, 1), to("reserve", &reserve, 0)]);
        let instance = with_routes(&house, routes, None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 700).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!((reserve.taken(), distinct(&[&reserve])), (700, 700));
        let troubles = routes::troubles(&instance).await.unwrap();
        assert_eq!(troubles.len(), 2, "the desk can say which do not work: {troubles:?}");
        let status = dispatch::status(&instance, made.id).await.unwrap();
        assert_eq!(status.trouble, None, "the dispatch itself had a way");
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_is_the_routes_choice() {
    on_both(|house| async move {
        let (ours, relay) = (a_sink(vec![]).await, a_sink(vec![]).await);
        let unsigned = RouteConfig { signing: Signing::Relay, ..to("relay", &relay, 1) };
        let instance = with_routes(&house, vec![to("ours", &ours, 1), unsigned], None).await;
        let publication = gazette(&instance).await;
        publications::keys::create(&instance, "letters.example", "soucoupe").await.unwrap();
        readers(&instance, &publication, 10).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        let signed = |sink: &Sink| {
            let mails = sink.messages();
            mails.iter().filter(|mail| mail.starts_with(b"DKIM-Signature:")).count()
        };
        assert_eq!([signed(&ours), ours.messages().len()], [5, 5]);
        assert_eq!([signed(&relay), relay.messages().len()], [0, 5]);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_cap_lets_the_rest_wait_for_the_next_day_and_counts_no_try() {
    on_both(|house| async move {
        let sink = a_sink(vec![]).await;
        let capped = RouteConfig { daily_cap: Some(25), ..to("capped", &sink, 1) };
        let instance = with_routes(&house, vec![capped], None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 60).await;
        let made = dispatched(&instance, &publication).await;
        let mut days = Vec::new();
        for _ in 0..3 {
            send(&instance).await;
            let status = dispatch::status(&instance, made.id).await.unwrap();
            days.push((status.state, sink.taken(), status.pending, status.waiting));
            instance.clock.advance(24 * policy::HOUR);
        }
        assert_eq!(days, [("sending", 25, 35, 35), ("sending", 50, 10, 10), ("finished", 60, 0, 0)]);
        assert_eq!(distinct(&[&sink]), 60);
        let tries = counted(&instance, "SELECT 'tries', CAST(SUM(tries) AS BIGINT) FROM deliveries").await;
        assert_eq!(tries, [("tries".to_owned(), 60)], "waiting is no try");
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_warm_up_does_not_take_goes_by_the_old_route() {
    on_both(|house| async move {
        let (new, old) = (a_sink(vec![]).await, a_sink(vec![]).await);
        let today = routes::day_of(house.instance.now_us());
        let warming = RouteConfig { warm_up: Some(today), ..to("new", &new, 9) };
        let instance = with_routes(&house, vec![warming, to("old", &old, 1)], None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 400).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!([new.taken(), old.taken()], [50, 350], "50 to everybody whose provider is not known");
        numbers(&instance, made.id).await
    })
    .await;
}

/// A name server for readers at four domains, two of which have a mail server.
async fn names(good: &Sink, other: &Sink) -> Names {
    Names::start(&format!(
        "good.test MX 10 mx.good.test\nmx.good.test A {}\nother.test MX 10 mx.other.test\nmx.other.test A {}\n\
         nullmx.test MX 0 .\nfails broken.test\n",
        good.address().ip(),
        other.address().ip()
    ))
    .await
}

/// Two sinks on one port of two loopback addresses, as mail servers of the world are on 25.
async fn two_on_a_port(good: Vec<Fault>, other: Vec<Fault>) -> (Sink, Sink) {
    loop {
        let first =
            Sink::start(SinkOptions { faults: good.clone(), ..SinkOptions::default() }).await.unwrap();
        let address = SocketAddr::from(([127, 0, 0, 2], first.address().port()));
        let second = SinkOptions { address, faults: other.clone(), ..SinkOptions::default() };
        // Another test may have that port.
        if let Ok(second) = Sink::start(second).await {
            return (first, second);
        }
        first.stop().await;
    }
}

fn of_domains(domains: &[(&str, usize)]) -> String {
    let mut csv = String::from("email\n");
    for (domain, number) in domains {
        for n in 0..*number {
            csv.push_str(&format!("reader{n}@{domain}\n"));
        }
    }
    csv
}

#[tokio::test(flavor = "multi_thread")]
async fn straight_to_the_readers_each_domain_gets_its_own_answer() {
    on_both(|house| async move {
        let (good, other) = two_on_a_port(vec![], vec![]).await;
        let names = names(&good, &other).await;
        let direct = route("own", format!("direct:?port={}", good.address().port()), 1);
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        let domains = [
            ("good.test", 30),
            ("other.test", 20),
            ("nullmx.test", 3),
            ("nowhere.test", 4),
            ("broken.test", 5),
        ];
        bring(&instance, &publication, of_domains(&domains)).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!([good.taken(), other.taken()], [30, 20]);
        let failures = dispatch::failures(&instance, made.id, 0, 100).await.unwrap();
        let of = |domain: &str| -> Vec<(&str, Option<i64>, i64)> {
            let those = failures
                .iter()
                .filter(|one| one.email.as_deref().is_some_and(|email| email.ends_with(domain)));
            those.map(|one| (one.state, one.code, one.tries)).collect()
        };
        assert_eq!(of("nullmx.test"), [("failed", Some(556), 1); 3]);
        assert_eq!(of("nowhere.test"), [("failed", Some(550), 1); 4]);
        assert_eq!(of("broken.test"), [("deferred", None, 1); 5]);
        assert_eq!(by_route(&instance).await, [("own".to_owned(), 50)]);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_asks_to_be_left_alone_holds_nobody_else_up_and_counts_no_try() {
    on_both(|house| async move {
        let words = "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints";
        let enough = Fault::always(FaultStage::Rcpt, Misdeed::Say(421, words.into())).times(1);
        let (good, other) = two_on_a_port(vec![], vec![enough]).await;
        let names = names(&good, &other).await;
        let direct = route("own", format!("direct:?port={}", good.address().port()), 1);
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        bring(&instance, &publication, of_domains(&[("other.test", 300), ("good.test", 300)])).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!(good.taken(), 300, "the others got theirs");
        let (held, status) = (other.taken(), dispatch::status(&instance, made.id).await.unwrap());
        assert!(held < 300, "{held}");
        assert_eq!(status.state, "sending");
        assert_eq!(status.waiting + status.deferred, 300 - i64::try_from(held).unwrap(), "{status:?}");
        assert!(status.deferred <= 4, "one try for each connection at most: {status:?}");
        // Two hours later, and then as slowly as it was told, with time passing.
        let (stop, running) = sender(&instance).await;
        until("everybody has it", || async {
            instance.clock.advance(policy::HOUR);
            numbers(&instance, made.id).await.0 == "finished"
        })
        .await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!((other.taken(), distinct(&[&good, &other])), (300, 600));
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_gets_no_more_mails_on_a_connection_than_it_likes() {
    on_both(|house| async move {
        let sink = a_sink(vec![]).await;
        let names =
            Names::start("icloud.com MX 10 mx01.mail.icloud.com\nmx01.mail.icloud.com A 127.0.0.1\n").await;
        let direct = route("own", format!("direct:?port={}", sink.address().port()), 1);
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        bring(&instance, &publication, of_domains(&[("icloud.com", 60)])).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        let mut carried = std::collections::BTreeMap::new();
        for mail in sink.log() {
            *carried.entry(mail.connection).or_insert(0) += 1;
        }
        assert!(carried.values().all(|mails| *mails <= 5), "{carried:?}");
        let days = counted(
            &instance,
            "SELECT provider, CAST(SUM(accepted) AS BIGINT) FROM route_days GROUP BY provider",
        )
        .await;
        assert_eq!(days, [("apple".to_owned(), 60)], "counted for the desk and the caps");
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_asks_us_to_slow_down_is_obeyed_and_still_gets_everything() {
    on_both(|house| async move {
        let slower = Misdeed::Say(451, "4.7.0 rate limit exceeded, slow down".into());
        let sink = a_sink(vec![Fault::always(FaultStage::Rcpt, slower).times(1)]).await;
        let instance = with_routes(&house, vec![to("one", &sink, 1)], None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 60).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        let (_, figures) = numbers(&instance, made.id).await;
        assert_eq!((sink.taken(), figures[6]), (59, 1), "{figures:?}");
        instance.clock.advance(policy::HOUR);
        send(&instance).await;
        assert_eq!((sink.taken(), distinct(&[&sink])), (60, 60));
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_server_that_says_nothing_does_not_keep_a_sender_from_stopping() {
    on_both(|house| async move {
        let sink = a_sink(vec![]).await;
        let names = Names::start("silent slow.test\n").await;
        let direct = route("own", format!("direct:?port={}", sink.address().port()), 1);
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        let domains: Vec<String> = (0..100).map(|n| format!("d{n}.slow.test")).collect();
        let domains: Vec<(&str, usize)> = domains.iter().map(|domain| (domain.as_str(), 1)).collect();
        bring(&instance, &publication, of_domains(&domains)).await;
        let made = dispatched(&instance, &publication).await;
        let (stop, running) = sender(&instance).await;
        until("names are asked for", || async { !names.asked().is_empty() }).await;
        stop.send(true).unwrap();
        tokio::time::timeout(std::time::Duration::from_secs(8), running).await.expect("it stops").unwrap();
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_is_tried_later_and_stands_in_nobodys_way() {
    on_both(|house| async move {
        let (good, other) = two_on_a_port(vec![], vec![]).await;
        let names = names(&good, &other).await;
        other.stop().await;
        let direct = route("own", format!("direct:?port={}", good.address().port()), 1);
        let instance = with_routes(&house, vec![direct], Some(names.address())).await;
        let publication = gazette(&instance).await;
        bring(&instance, &publication, of_domains(&[("other.test", 50), ("good.test", 50)])).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        assert_eq!(good.taken(), 50);
        let (state, figures) = numbers(&instance, made.id).await;
        assert_eq!((state, figures[6]), ("sending", 50), "deferred: {figures:?}");
        let rows = dispatch::failures(&instance, made.id, 0, 100).await.unwrap();
        assert!(rows.iter().all(|row| row.tries == 1 && row.next_at.is_some()), "{rows:?}");
        (state, figures)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_one_route_refuses_is_not_tried_by_another() {
    on_both(|house| async move {
        let no_user = || Fault::always(FaultStage::Rcpt, Misdeed::Say(550, "5.1.1 no such user".into()));
        let gone = Who::Address("reader1@example1.test".into());
        let (one, other) =
            (a_sink(vec![no_user().to(gone.clone())]).await, a_sink(vec![no_user().to(gone)]).await);
        let instance = with_routes(&house, vec![to("one", &one, 1), to("other", &other, 1)], None).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 10).await;
        let made = dispatched(&instance, &publication).await;
        send(&instance).await;
        let failed = dispatch::failures(&instance, made.id, 0, 10).await.unwrap();
        assert_eq!((failed.len(), failed[0].tries, failed[0].route.is_some()), (1, 1, true));
        assert_eq!(one.taken() + other.taken(), 9);

        // The author sends it to those who failed, when the server has been repaired, and to nobody else.
        let spare = a_sink(vec![]).await;
        let instance = with_routes(&house, vec![to("spare", &spare, 1)], None).await;
        let again = dispatch::resend_failed(&instance, made.id).await.unwrap();
        assert_eq!(again.failed_of, Some(made.id));
        send(&instance).await;
        assert_eq!(
            spare.log().iter().map(|one| one.to.to_string()).collect::<Vec<_>>(),
            ["reader1@example1.test"]
        );
        assert!(
            matches!(
                dispatch::resend_failed(&instance, made.id).await,
                Err(dispatch::DispatchError::Nobody(1))
            ),
            "now they have it"
        );
        numbers(&instance, again.id).await
    })
    .await;
}
