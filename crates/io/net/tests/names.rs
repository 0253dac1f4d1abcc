//! The resolver, against a name server on the loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::IpAddr;

use net::{Exchangers, NameError, Resolver};
use testkit::Names;

async fn resolver(zone: &str) -> (Names, Resolver) {
    let names = Names::start(zone).await;
    let resolver = Resolver::new(Some(names.address())).unwrap();
    (names, resolver)
}

fn addresses(list: &[&str]) -> Vec<IpAddr> {
    list.iter().map(|address| address.parse().unwrap()).collect()
}

#[tokio::test]
async fn mail_servers_come_in_order_and_a_domain_can_say_that_it_has_none() {
    let (_names, resolver) = resolver(
        "letter.example MX 20 second.example
        letter.example MX 10 First.example.
        letter.example MX 30 third.example
        null.example MX 0 .
        implicit.example A 192.0.2.1
        alias.example CNAME letter.example",
    )
    .await;
    let hosts = ["first.example", "second.example", "third.example"].map(str::to_owned);
    let answer = resolver.mx("Letter.Example.").await.unwrap();
    assert_eq!(answer.value, Exchangers::Hosts(hosts.to_vec()));
    assert!(!answer.secure);
    let answer = resolver.mx("alias.example").await.unwrap();
    assert_eq!(
        (answer.value, answer.canonical.as_str()),
        (Exchangers::Hosts(hosts.to_vec()), "letter.example")
    );
    assert_eq!(resolver.mx("null.example").await.unwrap().value, Exchangers::Null);
    assert_eq!(resolver.mx("implicit.example").await.unwrap().value, Exchangers::Implicit);
    let error = resolver.mx("nobody.example").await.unwrap_err();
    assert_eq!(error, NameError::NoSuchName("nobody.example".into()));
}

#[tokio::test]
async fn every_kind_of_record_is_read() {
    let long = "x".repeat(700);
    let (_names, resolver) = resolver(&format!(
        "host.example A 192.0.2.1
        host.example A 192.0.2.2
        host.example AAAA 2001:db8::1
        six.example AAAA 2001:db8::6
        www.example CNAME host.example
        text.example TXT \"v=spf1 -all\"
        text.example TXT {long}
        _25._tcp.host.example TLSA 3 1 1 00ff
        1.2.0.192.in-addr.arpa PTR host.example
        {}ip6.arpa PTR six.example",
        "6.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
    ))
    .await;
    let found = resolver.addresses("host.example").await.unwrap();
    assert_eq!(found.value.len(), 3);
    assert_eq!(found.value[0], "2001:db8::1".parse::<IpAddr>().unwrap());
    assert_eq!(resolver.addresses("six.example").await.unwrap().value, addresses(&["2001:db8::6"]));
    let found = resolver.addresses("www.example").await.unwrap();
    assert_eq!((found.value.len(), found.canonical.as_str()), (3, "host.example"));
    assert_eq!(resolver.cname("www.example").await.unwrap().value, "host.example");
    let texts = resolver.txt("text.example").await.unwrap().value;
    assert!(texts.contains(&"v=spf1 -all".to_owned()) && texts.contains(&long), "{texts:?}");
    let tlsa = resolver.tlsa("host.example", 25).await.unwrap().value;
    assert_eq!(tlsa[0].to_string(), "3 1 1 00ff");
    for (address, name) in
        [("192.0.2.1", "host.example"), ("::ffff:192.0.2.1", "host.example"), ("2001:db8::6", "six.example")]
    {
        assert_eq!(resolver.ptr(address.parse().unwrap()).await.unwrap().value, [name]);
    }
    let none = |name: &str| NameError::NoRecords(name.to_owned());
    assert_eq!(resolver.txt("host.example").await.unwrap_err(), none("host.example"));
    assert_eq!(resolver.cname("host.example").await.unwrap_err(), none("host.example"));
    assert_eq!(resolver.addresses("text.example").await.unwrap_err(), none("text.example"));
    for wrong in ["", ".", "a..b", &"x".repeat(64)] {
        assert!(matches!(resolver.txt(wrong).await, Err(NameError::NotAName(_))), "{wrong:?}");
    }
}

#[tokio::test]
async fn an_answer_too_large_for_udp_comes_over_tcp() {
    let zone: String =
        (0..40).map(|number| format!("big.example TXT {number}-{}\n", "y".repeat(100))).collect();
    let (names, resolver) = resolver(&zone).await;
    assert_eq!(resolver.txt("big.example").await.unwrap().value.len(), 40);
    assert!(names.times_asked("big.example TXT") >= 2);
}

#[tokio::test]
async fn a_failing_server_is_not_taken_for_a_missing_name() {
    let (_names, resolver) = resolver("fails broken.example").await;
    let error = resolver.mx("broken.example").await.unwrap_err();
    assert!(matches!(error, NameError::Temporary { .. }) && !error.is_definite(), "{error:?}");
    assert!(matches!(resolver.addresses("broken.example").await, Err(NameError::Temporary { .. })));
}

#[tokio::test]
async fn an_answer_is_secure_where_a_validating_server_on_this_machine_says_so() {
    let (_names, resolver) = resolver(
        "secure signed.example
        mail.signed.example A 192.0.2.1
        mail.plain.example A 192.0.2.1",
    )
    .await;
    assert!(resolver.addresses("mail.signed.example").await.unwrap().secure);
    assert!(!resolver.addresses("mail.plain.example").await.unwrap().secure);
    assert!(!resolver.validates().await);
}

#[tokio::test]
async fn an_answer_is_kept_for_as_long_as_it_may_be() {
    let (names, resolver) = resolver("kept.example 300 TXT one\nfresh.example TXT one").await;
    for name in ["kept.example", "fresh.example"] {
        assert_eq!(resolver.txt(name).await.unwrap().value, ["one"]);
    }
    names.set("kept.example 300 TXT two\nfresh.example TXT two");
    assert_eq!(resolver.txt("kept.example").await.unwrap().value, ["one"]);
    assert_eq!(resolver.txt("fresh.example").await.unwrap().value, ["two"]);
    assert_eq!(names.times_asked("kept.example TXT"), 1);
}
