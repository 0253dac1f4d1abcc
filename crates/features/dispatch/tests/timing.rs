//! When mails leave: over hours, at the reader's hour, side by side, and not at all while paused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::io::Cursor;

use audience::Audience;
use dispatch::Timing;
use house::{asked, edition, gazette, numbers, readers, send, sender, until, with_relay};
use instance::{Instance, Process};
use publications::{NewPublication, Publication};
use smtp::sink::{Sink, SinkOptions};
use testkit::on_both;

async fn paced(house: &testkit::House, sink: &Sink, rate: u32) -> Instance {
    let mut instance = with_relay(house, sink).await;
    let mut config = (*instance.config).clone();
    config.rate = Some(rate);
    instance.config = config.into();
    instance
}

async fn another(instance: &Instance) -> Publication {
    let new = NewPublication {
        slug: "revue".into(),
        name: "La Revue".into(),
        from: "Bea <bea@letters.example>".into(),
        language: "fr".into(),
        postal_address: Some("1 rue du Fil, Aubusson".into()),
        ..NewPublication::default()
    };
    publications::create(instance, new).await.unwrap()
}

async fn bring(instance: &Instance, publication: &Publication, csv: &str) {
    let options = audience::import::Options::default();
    audience::import(instance, publication, Cursor::new(csv.as_bytes().to_vec()), options).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_is_spread_over_its_window_and_done_when_that_closes() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 50).await;
        let edition = edition(&instance, &publication).await;
        let timing = Timing { over: 4 * policy::HOUR, ..Timing::default() };
        let everyone = Audience::Everyone;
        let made =
            dispatch::create_timed(&instance, &publication, &edition, &everyone, timing).await.unwrap();
        let (stop, running) = sender(&instance).await;
        // The clock stands still: the next would leave in five minutes.
        until("the first leaves", || async { sink.taken() == 1 }).await;
        until("the rest is in hand", || async {
            dispatch::status(&instance, made.id).await.unwrap().claimed == 49
        })
        .await;
        assert_eq!(sink.taken(), 1);
        instance.clock.advance(4 * policy::HOUR);
        until("the window has closed", || async { numbers(&instance, made.id).await.0 == "finished" }).await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(sink.taken(), 50);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_gets_it_at_the_hour_of_their_own_day() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        bring(
            &instance,
            &publication,
            "email,time_zone\nparis@a.test,Europe/Paris\nmontreal@a.test,America/Montreal\n\
             kolkata@a.test,asia/kolkata\nnowhere@a.test,\nodd@a.test,Mars/Olympus\n",
        )
        .await;
        let edition = edition(&instance, &publication).await;
        // Half past eight on Tuesday in Paris, where the publication lives; it is Monday half past nine there now.
        let at = "2026-11-24T07:30:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
        let timing = Timing { at: Some(at), local: true, ..Timing::default() };
        let everyone = Audience::Everyone;
        let made =
            dispatch::create_timed(&instance, &publication, &edition, &everyone, timing).await.unwrap();
        let mut seen = Vec::new();
        for hour in [
            "2026-11-23T18:00",
            "2026-11-23T19:30",
            "2026-11-24T03:10",
            "2026-11-24T07:30",
            "2026-11-24T13:30",
        ] {
            let now = format!("{hour}:00Z").parse::<jiff::Timestamp>().unwrap().as_microsecond();
            instance.clock.advance(now - instance.now_us());
            send(&instance).await;
            let mut who: Vec<String> = sink.log().iter().map(|one| one.to.to_string()).collect();
            who.sort();
            seen.push(who.join(" ").replace("@a.test", ""));
        }
        assert_eq!(
            seen,
            ["", "", "kolkata", "kolkata nowhere odd paris", "kolkata montreal nowhere odd paris",]
        );
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_wished_is_refused_before_anything_is_made() {
    on_both(|house| async move {
        let (_sink, instance, _) = asked(&house, SinkOptions::default(), 2).await;
        let publication = publications::find(&instance, "gazette").await.unwrap().unwrap();
        let edition = editions::list(&instance, publication.id, 1).await.unwrap().0.remove(0);
        let edition = editions::by_id(&instance, edition.id).await.unwrap().unwrap();
        let mut refused = Vec::new();
        for timing in [
            Timing { local: true, ..Timing::default() },
            Timing { at: Some(instance.now_us() + 1), over: policy::HOUR, local: true },
            Timing { over: 1, ..Timing::default() },
            Timing { over: 100 * policy::HOUR, ..Timing::default() },
        ] {
            let made = dispatch::create_timed(&instance, &publication, &edition, &Audience::Everyone, timing);
            refused.push(made.await.unwrap_err().to_string());
        }
        refused
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dispatches_share_the_rate_mail_by_mail() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = paced(&house, &sink, 200).await;
        let mut made = Vec::new();
        for (publication, domain) in
            [(gazette(&instance).await, "a.test"), (another(&instance).await, "b.test")]
        {
            let readers: String = (0..150).map(|n| format!("reader{n}@{domain}\n")).collect();
            bring(&instance, &publication, &format!("email\n{readers}")).await;
            let edition = edition(&instance, &publication).await;
            let everyone = Audience::Everyone;
            made.push(dispatch::create(&instance, &publication, &edition, &everyone, None).await.unwrap().id);
        }
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        send(&instance).await;
        let log = sink.log();
        let of_first = log.iter().take(150).filter(|one| one.to.ends_with("a.test")).count();
        assert!((50..=100).contains(&of_first), "half of the first half is that of each: {of_first}");
        (numbers(&instance, made[0]).await, numbers(&instance, made[1]).await)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_made_by_another_process_lets_nothing_more_leave_until_it_is_over() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = paced(&house, &sink, 40).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 150).await;
        let first = edition(&instance, &publication).await;
        let everyone = Audience::Everyone;
        let made = dispatch::create(&instance, &publication, &first, &everyone, None).await.unwrap();
        let (stop, running) = sender(&instance).await;
        until("some have left", || async { sink.taken() >= 10 }).await;
        // Another process has another bell: it can only write into the database.
        let config = (*instance.config).clone();
        let elsewhere = Instance::with(instance.store.clone(), config, instance.clock.clone()).await.unwrap();
        dispatch::pause(&elsewhere, made.id, "test").await.unwrap();
        until("all that was in hand is back", || async {
            let status = dispatch::status(&instance, made.id).await.unwrap();
            status.claimed + status.in_doubt == 0
        })
        .await;
        let left = sink.log().len();
        assert!(left < 150, "it was paused in the middle");
        // The same sender is not asleep: another publication's dispatch goes all the way.
        let revue = another(&instance).await;
        bring(&instance, &revue, "email\nada@b.test\nbob@b.test\n").await;
        let second = edition(&instance, &revue).await;
        let other = dispatch::create(&elsewhere, &revue, &second, &everyone, None).await.unwrap();
        until("the other is done", || async { numbers(&instance, other.id).await.0 == "finished" }).await;
        assert_eq!(sink.log().len(), left + 2, "nothing of the paused one left meanwhile");
        dispatch::resume(&elsewhere, made.id).await.unwrap();
        until("it went on", || async { numbers(&instance, made.id).await.0 == "finished" }).await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(sink.taken(), 152);
        numbers(&instance, made.id).await
    })
    .await;
}
