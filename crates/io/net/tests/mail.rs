//! Where mail for a domain goes, and how encrypted.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod web;

use std::sync::{Arc, Mutex};

use net::{HttpClient, MailHosts, MailHostsError, Resolver, StsPolicies, mail_hosts};
use records::TlsPolicy;
use records::mta_sts::Mode;
use testkit::Names;
use web::{Web, answer};

/// A domain with a policy server that says what the test wants.
struct Place {
    names: Names,
    resolver: Resolver,
    policies: StsPolicies,
    web: Web,
    policy: Arc<Mutex<Vec<u8>>>,
}

const STS: &str = "_mta-sts.letter.example TXT v=STSv1; id=1;
    mta-sts.letter.example A 127.0.0.1\n";
const MAIL: &str = "letter.example MX 10 mx1.letter.example
    letter.example MX 20 mx2.letter.example
    mx1.letter.example A 127.0.0.1
    mx1.letter.example AAAA ::1
    mx2.letter.example A 127.0.0.2\n";
const DANE: &str = "_25._tcp.mx1.letter.example TLSA 3 1 1 \
    0000000000000000000000000000000000000000000000000000000000000000\n";

fn enforce(mx: &str) -> Vec<u8> {
    answer("200 OK", &format!("version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 86400\n"))
}

impl Place {
    async fn new(zone: &[&str]) -> Place {
        let names = Names::start(&zone.concat()).await;
        let policy = Arc::new(Mutex::new(answer("404 Not Found", "")));
        let said = policy.clone();
        let web = Web::start(&["mta-sts.letter.example"], move |_| said.lock().unwrap().clone()).await;
        let resolver = Resolver::new(Some(names.address())).unwrap();
        let client = HttpClient::allowing(resolver.clone(), &[web.address], vec![web.certificate.clone()]);
        let policies = StsPolicies::new(resolver.clone(), client);
        Place { names, resolver, policies, web, policy }
    }

    fn says(&self, policy: Vec<u8>) {
        *self.policy.lock().unwrap() = policy;
    }

    async fn hosts(&self, domain: &str) -> Result<MailHosts, MailHostsError> {
        mail_hosts(&self.resolver, &self.policies, domain).await
    }

    async fn encryption(&self) -> Vec<(String, &'static str)> {
        let hosts = self.hosts("letter.example").await.unwrap().hosts;
        hosts
            .into_iter()
            .map(|host| {
                let tls = match host.tls {
                    TlsPolicy::None => "none",
                    TlsPolicy::Opportunistic => "opportunistic",
                    TlsPolicy::Required => "required",
                    TlsPolicy::Dane(_) => "dane",
                };
                (host.name.split('.').next().unwrap().to_owned(), tls)
            })
            .collect()
    }
}

fn pairs(list: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    list.iter().map(|(name, tls)| (name.to_string(), *tls)).collect()
}

#[tokio::test]
async fn the_servers_of_a_domain_come_with_their_addresses() {
    let place = Place::new(&[MAIL, "implicit.example A 127.0.0.9\n"]).await;
    let found = place.hosts("Letter.example").await.unwrap();
    assert_eq!(found.hosts.len(), 2);
    let expected: [std::net::IpAddr; 2] = ["::1", "127.0.0.1"].map(|address| address.parse().unwrap());
    assert_eq!(found.hosts[0].addresses, expected);
    assert!(!found.secure && found.domain == "letter.example");
    let found = place.hosts("implicit.example").await.unwrap();
    assert_eq!((found.hosts.len(), found.hosts[0].name.as_str()), (1, "implicit.example"));
}

#[tokio::test]
async fn a_domain_that_takes_no_mail_and_one_that_is_not_there_are_told_from_a_bad_moment() {
    let place = Place::new(&["null.example MX 0 .
        texts.example TXT hello
        dead.example MX 10 nobody.example
        half.example MX 10 mx.broken.example
        half.example MX 20 mx.half.example
        mx.half.example A 127.0.0.1
        away.example MX 10 mx.broken.example
        zero.example A 0.0.0.0
        fails broken.example\n"])
    .await;
    let error = |domain: &'static str| {
        let place = &place;
        async move { place.hosts(domain).await.unwrap_err() }
    };
    assert_eq!(error("null.example").await, MailHostsError::NullMx("null.example".into()));
    for domain in ["nobody.example", "texts.example", "zero.example", "not a name", ""] {
        assert!(matches!(error(domain).await, MailHostsError::NoSuchDomain(_)), "{domain:?}");
    }
    assert_eq!(error("dead.example").await, MailHostsError::NoServers("dead.example".into()));
    for domain in ["broken.example", "away.example"] {
        assert!(matches!(error(domain).await, MailHostsError::Temporary { .. }), "{domain}");
    }
    assert_eq!(place.hosts("half.example").await.unwrap().hosts.len(), 1);
}

#[tokio::test]
async fn a_policy_that_is_enforced_asks_for_encryption_and_leaves_other_servers_out() {
    let place = Place::new(&[MAIL, STS]).await;
    place.says(enforce("*.letter.example"));
    assert_eq!(place.encryption().await, pairs(&[("mx1", "required"), ("mx2", "required")]));
    let place = Place::new(&[MAIL, STS]).await;
    place.says(enforce("mx2.letter.example"));
    assert_eq!(place.encryption().await, pairs(&[("mx2", "required")]));
    let place = Place::new(&[MAIL, STS]).await;
    place.says(enforce("elsewhere.example"));
    let error = place.hosts("letter.example").await.unwrap_err();
    assert!(error.is_temporary() && error.to_string().contains("MTA-STS"), "{error}");
    let place = Place::new(&[MAIL, STS]).await;
    place.says(answer("200 OK", "version: STSv1\nmode: testing\nmx: elsewhere.example\nmax_age: 86400\n"));
    assert_eq!(place.encryption().await, pairs(&[("mx1", "opportunistic"), ("mx2", "opportunistic")]));
}

#[tokio::test]
async fn dane_counts_where_it_is_proven_and_goes_before_a_policy() {
    let secure = "secure letter.example\n";
    let place = Place::new(&[MAIL, DANE, secure]).await;
    assert_eq!(place.encryption().await, pairs(&[("mx1", "dane"), ("mx2", "opportunistic")]));
    assert!(place.hosts("letter.example").await.unwrap().secure);
    let place = Place::new(&[MAIL, DANE]).await;
    assert_eq!(place.encryption().await, pairs(&[("mx1", "opportunistic"), ("mx2", "opportunistic")]));
    let place = Place::new(&[MAIL, DANE, STS, secure]).await;
    place.says(enforce("mx2.letter.example"));
    assert_eq!(place.encryption().await, pairs(&[("mx1", "dane"), ("mx2", "required")]));
    // Records that cannot be had keep mail from the server: otherwise whoever hides them would win.
    let place = Place::new(&[MAIL, "fails _25._tcp.mx1.letter.example\n", secure]).await;
    assert_eq!(place.encryption().await, pairs(&[("mx2", "opportunistic")]));
}

#[tokio::test]
async fn a_policy_is_fetched_once_for_its_id_and_outlives_a_failing_server() {
    let place = Place::new(&[MAIL, STS]).await;
    place.says(enforce("*.letter.example"));
    for _ in 0..3 {
        assert_eq!(place.policies.find("letter.example").await.unwrap().mode, Mode::Enforce);
    }
    assert_eq!(place.web.requests(), 1);
    // Another id, and a server that has trouble: the policy that is kept still holds, and it is not asked again
    // at once.
    place.says(answer("500 Oops", ""));
    place.names.set(&[MAIL, &STS.replace("id=1", "id=2")].concat());
    for _ in 0..3 {
        assert_eq!(place.policies.find("letter.example").await.unwrap().mode, Mode::Enforce);
    }
    assert_eq!(place.web.requests(), 2);
    // A third id is another reason to ask.
    place.says(answer("200 OK", "version: STSv1\nmode: none\nmax_age: 86400\n"));
    place.names.set(&[MAIL, &STS.replace("id=1", "id=3")].concat());
    assert_eq!(place.policies.find("letter.example").await.unwrap().mode, Mode::None);
    // Without its record, a policy that is kept still holds.
    place.names.set(MAIL);
    assert_eq!(place.policies.find("letter.example").await.unwrap().mode, Mode::None);
    assert_eq!(place.policies.find("other.example").await, None);
}

#[tokio::test]
async fn a_policy_is_not_taken_from_a_redirect_or_from_another_name() {
    let place = Place::new(&[MAIL, STS]).await;
    place.says(
        b"HTTP/1.1 301 Moved\r\nLocation: https://mta-sts.letter.example/\r\nContent-Length: 0\r\n\r\n"
            .to_vec(),
    );
    assert_eq!(place.policies.find("letter.example").await, None);
    let zone = STS.replace("letter.example", "other.example");
    let place = Place::new(&[&zone]).await;
    place.says(enforce("mx.other.example"));
    assert_eq!(place.policies.find("other.example").await, None);
    assert_eq!(place.web.requests(), 0);
}
