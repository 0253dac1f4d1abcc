//! What the stories of this slice have in common: a publication, its readers, a sender.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each story needs some of it")]

use std::future::Future;
use std::time::Duration;

use audience::Audience;
use dispatch::{Dispatch, Ending, Status};
use editions::Edition;
use instance::{Instance, Process};
use publications::{NewPublication, Publication};
use smtp::sink::{Sink, SinkOptions};
use store::Query;
use testkit::House;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wire::Address;

const LETTER: &str = "---\ntitle: Une bobine\nsubject: \"{first_name|Vous}, une bobine\"\npreheader: Le fil de la semaine, déroulé sans hâte.\nwritten_at: 2026-11-23T08:00\n---\n\n:::greeting\nBonjour {first_name|la mif},\n:::\n\nVoici [le fil](https://fil.example/).\n\n:::only{in=\"mail\"}\nPour vous seuls.\n:::\n";

/// A house whose relay is a sink.
pub async fn with_relay(house: &House, sink: &Sink) -> Instance {
    let mut config = (*house.instance.config).clone();
    config.smtp_url = Some(format!("smtp://{}", sink.address()));
    config.smtp_connections = 4;
    let clock = house.instance.clock.clone();
    Instance::with(house.instance.store.clone(), config, clock).await.unwrap()
}

pub async fn gazette(instance: &Instance) -> Publication {
    let new = NewPublication {
        slug: "gazette".into(),
        name: "La Gazette".into(),
        from: "Ada <ada@letters.example>".into(),
        language: "fr".into(),
        postal_address: Some("1 rue du Fil, Aubusson".into()),
        ..NewPublication::default()
    };
    publications::create(instance, new).await.unwrap()
}

pub async fn readers(instance: &Instance, publication: &Publication, number: usize) {
    let mut csv = String::from("email,first_name\n");
    for n in 0..number {
        csv.push_str(&format!("reader{n}@example{}.test,Nom{n}\n", n % 7));
    }
    let options = audience::import::Options::default();
    let report =
        audience::import(instance, publication, std::io::Cursor::new(csv.into_bytes()), options).await;
    assert_eq!(report.unwrap().added, number as u64);
}

pub async fn edition(instance: &Instance, publication: &Publication) -> Edition {
    editions::create(instance, publication, LETTER).await.unwrap()
}

pub async fn send(instance: &Instance) -> Ending {
    let process = Process::announce(instance, "test").await.unwrap();
    let (_keep, shutdown) = watch::channel(false);
    let ending = dispatch::run_until_idle(instance.clone(), process.clone(), shutdown).await.unwrap();
    process.leave(instance).await.unwrap();
    ending
}

pub async fn leaves(instance: &Instance, publication: &Publication, address: &str) {
    let reader = audience::by_email(instance, &Address::parse(address).unwrap()).await.unwrap();
    let way = audience::Way { publication: publication.clone(), reader };
    let proof = audience::Proof { wording: "", form: audience::Form::OneClick, network: None };
    audience::unsubscribe(instance, &way, proof).await.unwrap();
}

/// The numbers without the moments and the rate.
pub fn figures(status: &Status) -> (&'static str, [i64; 9]) {
    let s = status;
    (
        s.state,
        [
            s.readers, s.left_out, s.pending, s.claimed, s.in_doubt, s.accepted, s.deferred, s.failed,
            s.doubted,
        ],
    )
}

pub fn query(name: &str) -> Query {
    *dispatch::QUERIES.iter().find(|query| query.name == name).unwrap()
}

/// A publication with so many readers, and an edition asked to be sent to all of them.
pub async fn asked(house: &House, options: SinkOptions, number: usize) -> (Sink, Instance, Dispatch) {
    let sink = Sink::start(options).await.unwrap();
    let instance = with_relay(house, &sink).await;
    let publication = gazette(&instance).await;
    readers(&instance, &publication, number).await;
    let edition = edition(&instance, &publication).await;
    let made = dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
    (sink, instance, made)
}

pub async fn numbers(instance: &Instance, id: i64) -> (&'static str, [i64; 9]) {
    figures(&dispatch::status(instance, id).await.unwrap())
}

/// A sender in the background, as `serve` has one.
pub async fn sender(instance: &Instance) -> (watch::Sender<bool>, JoinHandle<Ending>) {
    sender_called(instance, "test").await
}

/// One of several: who announces a second process of a kind buries the first.
pub async fn sender_called(instance: &Instance, kind: &str) -> (watch::Sender<bool>, JoinHandle<Ending>) {
    let process = Process::announce(instance, kind).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let run = dispatch::run(instance.clone(), process, stopped);
    (stop, tokio::spawn(async move { run.await.unwrap() }))
}

/// Looks again and again until something is so; a minute is a defeat.
pub async fn until<F: Future<Output = bool>>(what: &str, so: impl Fn() -> F) {
    let end = tokio::time::Instant::now() + Duration::from_secs(60);
    while !so().await {
        assert!(tokio::time::Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
