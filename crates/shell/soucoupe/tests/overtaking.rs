//! Somebody who waits for a confirmation does not wait for an edition that is being sent to everybody else.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Cursor;
use std::time::Duration;

use audience::Audience;
use instance::{Instance, Process};
use publications::NewPublication;
use smtp::sink::{Sink, SinkOptions};
use testkit::on_both;
use tokio::sync::watch;
use wire::{Address, Mailbox};

const LETTER: &str = "---\ntitle: Une bobine\nsubject: Une bobine\npreheader: Le fil de la semaine, sans hâte.\n---\n\n\
    Bonjour {first_name|la mif}, voici [le fil](https://fil.example/).\n";

/// A publication with 500 readers, through a relay that takes one mail a second.
async fn slow(instance: &Instance) -> dispatch::Dispatch {
    let new = NewPublication {
        slug: "gazette".into(),
        name: "La Gazette".into(),
        from: "Ada <ada@letters.example>".into(),
        language: "fr".into(),
        postal_address: Some("1 rue du Fil, Aubusson".into()),
        ..NewPublication::default()
    };
    let publication = publications::create(instance, new).await.unwrap();
    let csv: String = std::iter::once("email\n".to_owned())
        .chain((0..500).map(|n| format!("reader{n}@b.test\n")))
        .collect();
    let options = audience::import::Options::default();
    audience::import(instance, &publication, Cursor::new(csv.into_bytes()), options).await.unwrap();
    let edition = editions::create(instance, &publication, LETTER).await.unwrap();
    dispatch::create(instance, &publication, &edition, &Audience::Everyone, None).await.unwrap()
}

async fn confirmation(instance: &Instance, number: usize) {
    let from = Mailbox::parse("Ada <ada@letters.example>").unwrap();
    let to = Address::parse(&format!("new{number}@c.test")).unwrap();
    let dedupe = format!("confirm {number}");
    let notice = notices::Notice {
        kind: "confirm",
        sender: &from,
        reply_to: None,
        to: &to,
        subject: "Encore un clic",
        text: "Confirmer\n",
        html: "<!doctype html><p>Confirmer</p>",
        dedupe: &dedupe,
        by_form: true,
    };
    assert!(notices::queue(instance, notice).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_overtakes_a_long_dispatch_and_waits_for_no_pace() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let mut instance = house.instance.clone();
        let mut config = (*instance.config).clone();
        config.smtp_url = Some(format!("smtp://{}", sink.address()));
        config.rate = Some(1);
        instance.config = config.into();
        let made = slow(&instance).await;
        let process = Process::announce(&instance, "test").await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let sending = tokio::spawn(dispatch::run(instance.clone(), process, stopped));
        tokio::time::timeout(Duration::from_secs(60), async {
            while sink.taken() == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .expect("the dispatch is under way");
        for number in 0..20 {
            confirmation(&instance, number).await;
        }
        let passed = notices::deliver_due(&instance).await.unwrap();
        assert_eq!((passed.accepted, passed.deferred), (20, 0));
        let arrived = sink.log().iter().filter(|one| one.to.ends_with("@c.test")).count();
        assert_eq!(arrived, 20);
        let status = dispatch::status(&instance, made.id).await.unwrap();
        assert_eq!(status.state, "sending", "it has minutes to go");
        stop.send(true).unwrap();
        sending.await.unwrap().unwrap();
    })
    .await;
}
