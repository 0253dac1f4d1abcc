//! Straight to mail servers: which certificates will do, and what happens where encryption does not.

mod papers;
mod scripted;

use std::net::{IpAddr, SocketAddr};

use records::TlsPolicy;
use records::tlsa::Tlsa;

use super::*;
use crate::tls::{self, Trust};
use crate::{Destination, SendError};
use papers::{HOST, Papers, papers};
use scripted::{Manners, Scripted};

async fn server(papers: &Papers) -> Sink {
    server_at("127.0.0.1", papers).await.unwrap()
}

async fn server_at(address: &str, papers: &Papers) -> std::io::Result<Sink> {
    let tls = tls::server_config(&papers.chain, &papers.key).unwrap();
    let options = SinkOptions {
        address: SocketAddr::new(address.parse().unwrap(), 0),
        listener: ListenerOptions { tls: Some(tls), ..ListenerOptions::default() },
        keep_messages: true,
        ..SinkOptions::default()
    };
    Sink::start(options).await
}

fn to(address: SocketAddr, tls: TlsPolicy) -> Destination {
    Destination {
        host: HOST.into(),
        addresses: vec![address.ip()],
        port: address.port(),
        tls,
        also: Vec::new(),
    }
}

fn trust() -> Trust {
    Trust::new(Some(papers().authority_file.clone()))
}

async fn open(destination: &Destination) -> Result<Connection, SendError> {
    Connection::open_direct(destination, &trust(), "letter.example", Timeouts::all(PATIENCE)).await
}

/// Whether a letter arrives, encrypted; otherwise why not.
async fn arrives(sink: &Sink, destination: &Destination) -> Result<bool, SendError> {
    let mut connection = open(destination).await?;
    deliver(&mut connection, TO, &letter(1)).await.unwrap();
    assert_eq!(connection.peer(), Some(sink.address()));
    assert_eq!(sink.messages().last(), Some(&letter(1)));
    Ok(connection.is_encrypted())
}

fn is_about_tls<T>(result: &Result<T, SendError>) -> bool {
    matches!(result, Err(SendError::Tls { .. }))
}

#[tokio::test]
async fn opportunistic_encryption_takes_any_certificate_and_does_without() {
    let policy = TlsPolicy::Opportunistic;
    for certificate in [&papers().good, &papers().other_name, &papers().stranger] {
        let sink = server(certificate).await;
        assert!(arrives(&sink, &to(sink.address(), policy.clone())).await.unwrap());
    }
    let plain = sink(ListenerOptions::default(), vec![]).await;
    assert!(!arrives(&plain, &to(plain.address(), policy.clone())).await.unwrap());
    // A name that no certificate could be for.
    let sink = server(&papers().good).await;
    let odd = Destination { host: "-not a name-".into(), ..to(sink.address(), policy) };
    assert!(arrives(&sink, &odd).await.unwrap());
    assert!(!arrives(&sink, &to(sink.address(), TlsPolicy::None)).await.unwrap());
}

#[tokio::test]
async fn a_server_that_fails_to_encrypt_gets_a_new_connection_without_unless_the_policy_is_strict() {
    let key = Tlsa::of_certificate(&papers().good.certificate).unwrap();
    for manners in
        [Manners::RefusesStartTls, Manners::ClosesAtStartTls, Manners::GarbageForTls, Manners::SpeaksTooEarly]
    {
        let server = Scripted::start(manners).await;
        let connection = open(&to(server.address, TlsPolicy::Opportunistic)).await.unwrap();
        assert!(!connection.is_encrypted(), "{manners:?}");
        assert_eq!(server.said(), ["EHLO", "STARTTLS", "EHLO"], "{manners:?}");
        for policy in [TlsPolicy::Required, TlsPolicy::Dane(vec![key.clone()]), TlsPolicy::Dane(vec![])] {
            let server = Scripted::start(manners).await;
            let error = open(&to(server.address, policy.clone())).await.unwrap_err();
            assert!(!matches!(error, SendError::Connect { .. }), "{manners:?} {error:?}");
            assert_eq!(server.said(), ["EHLO", "STARTTLS"], "{manners:?} {policy:?}");
        }
    }
}

#[tokio::test]
async fn who_hides_starttls_from_a_strict_policy_gets_nothing() {
    let key = Tlsa::of_certificate(&papers().good.certificate).unwrap();
    let unusable = Tlsa { usage: 1, ..key.clone() };
    for policy in [
        TlsPolicy::Required,
        TlsPolicy::Dane(vec![key]),
        TlsPolicy::Dane(vec![unusable]),
        TlsPolicy::Dane(vec![]),
    ] {
        let server = Scripted::start(Manners::HidesStartTls).await;
        let error = open(&to(server.address, policy)).await.unwrap_err();
        assert!(matches!(error, SendError::NoStartTls { .. }), "{error:?}");
        assert_eq!(server.said(), ["EHLO"]);
    }
}

#[tokio::test]
async fn a_policy_of_mta_sts_asks_for_a_trusted_certificate_for_the_name() {
    let sink = server(&papers().good).await;
    assert!(arrives(&sink, &to(sink.address(), TlsPolicy::Required)).await.unwrap());
    for certificate in [&papers().other_name, &papers().stranger] {
        let sink = server(certificate).await;
        let destination = to(sink.address(), TlsPolicy::Required);
        assert!(is_about_tls(&open(&destination).await));
        // The names that DANE would take are of no use here.
        let also = vec![papers::OTHER.to_owned(), "letter.example".to_owned()];
        assert!(is_about_tls(&open(&Destination { also, ..destination }).await));
        assert_eq!(sink.taken(), 0);
    }
}

#[tokio::test]
async fn dane_names_the_certificate_whatever_its_name_or_issuer() {
    for certificate in [&papers().good, &papers().other_name, &papers().stranger] {
        let sink = server(certificate).await;
        let key = Tlsa::of_certificate(&certificate.certificate).unwrap();
        let whole = Tlsa { selector: 0, matching: 0, data: certificate.certificate.clone(), ..key.clone() };
        let wrong = Tlsa { data: vec![0; 32], ..key.clone() };
        for records in [vec![key.clone()], vec![whole], vec![wrong.clone(), key]] {
            let destination = to(sink.address(), TlsPolicy::Dane(records));
            assert!(arrives(&sink, &destination).await.unwrap());
        }
        let result = open(&to(sink.address(), TlsPolicy::Dane(vec![wrong]))).await;
        assert!(is_about_tls(&result), "{result:?}");
        let SendError::Tls { source, .. } = result.unwrap_err() else { unreachable!() };
        assert!(source.to_string().contains("TLSA"), "{source}");
    }
}

#[tokio::test]
async fn dane_names_an_authority_and_the_name_must_fit() {
    let authority = Tlsa { usage: 2, ..Tlsa::of_certificate(&papers().authority).unwrap() };
    let policy = TlsPolicy::Dane(vec![authority.clone()]);
    let sink = server(&papers().good).await;
    assert!(arrives(&sink, &to(sink.address(), policy.clone())).await.unwrap());
    let sink = server(&papers().other_name).await;
    let destination = to(sink.address(), policy.clone());
    assert!(is_about_tls(&open(&destination).await));
    let also = vec![papers::OTHER.to_owned()];
    assert!(arrives(&sink, &Destination { also, ..destination }).await.unwrap());
    // Somebody who shows the authority's certificate beside one that it did not issue.
    let chain = [papers().stranger.chain.clone(), papers().authority_pem.clone()].concat();
    let sink = server(&Papers { chain, ..papers().stranger.clone() }).await;
    assert!(is_about_tls(&open(&to(sink.address(), policy)).await));
    // A record of usage 3 for the authority does not make it one.
    let sink = server(&papers().good).await;
    let own = TlsPolicy::Dane(vec![Tlsa { usage: 3, ..authority }]);
    assert!(is_about_tls(&open(&to(sink.address(), own)).await));
}

#[tokio::test]
async fn records_that_mail_cannot_use_still_ask_for_encryption() {
    let key = Tlsa::of_certificate(&papers().good.certificate).unwrap();
    let sink = server(&papers().stranger).await;
    for records in [vec![], vec![Tlsa { usage: 0, ..key.clone() }, Tlsa { matching: 9, ..key }]] {
        assert!(arrives(&sink, &to(sink.address(), TlsPolicy::Dane(records))).await.unwrap());
    }
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_does_not_answer() {
    let sink = server(&papers().good).await;
    let nobody: IpAddr = "::1".parse().unwrap();
    let destination = Destination {
        addresses: vec![sink.address().ip(), nobody],
        ..to(sink.address(), TlsPolicy::Opportunistic)
    };
    assert!(arrives(&sink, &destination).await.unwrap());
    let nowhere = Destination { addresses: vec![], ..destination };
    assert!(matches!(open(&nowhere).await, Err(SendError::Connect { .. })));
    // Where this machine speaks IPv6 at all.
    if let Ok(sink) = server_at("::1", &papers().good).await {
        let four = "127.0.0.1".parse().unwrap();
        let destination = Destination {
            addresses: vec![four, sink.address().ip()],
            ..to(sink.address(), TlsPolicy::Required)
        };
        assert!(arrives(&sink, &destination).await.unwrap());
    }
}

#[tokio::test]
async fn a_busy_server_is_left_for_its_other_address_and_one_that_refuses_us_is_not() {
    for (manners, connections) in [(Manners::TooBusy, 2), (Manners::WantsUsNot, 1)] {
        let first = Scripted::start(manners).await;
        // Not every system has a second loopback address.
        let second = SocketAddr::new("127.0.0.2".parse().unwrap(), first.address.port());
        let Ok(second) = Scripted::start_at(second, manners).await else { return };
        let destination = Destination {
            addresses: vec![first.address.ip(), second.address.ip()],
            ..to(first.address, TlsPolicy::Opportunistic)
        };
        let error = open(&destination).await.unwrap_err();
        assert!(matches!(error, SendError::Greeting { .. }), "{error:?}");
        assert_eq!(first.connections() + second.connections(), connections, "{manners:?}");
    }
}
