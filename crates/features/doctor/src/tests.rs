//! Visits, told from the side of whoever reads the report: a name server, a relay and a spam filter stand in.

mod checkup;
mod desk;
mod fetched;
/// The HTTPS server with a certificate of its own is that of the client's tests.
#[path = "../../../io/net/tests/web/mod.rs"]
mod web;

use std::net::IpAddr;
use std::sync::Arc;

use instance::{Instance, RouteConfig, Signing};
use publications::NewPublication;
use testkit::{House, Names};

use crate::bag::Bag;
use crate::examine::examine_with;
use crate::model::{Finding, Level, Report, Visit};

/// An address that lies on the open internet and is nobody's here.
pub const OURS: &str = "45.148.10.20";

/// What a domain publishes that has thought of everything; `{key}` is the key it signs with.
pub const ZONE: &str = r#"
letters.example             A     45.148.10.20
letters.example             MX    10 letters.example
letters.example             TXT   "v=spf1 ip4:45.148.10.20 -all"
_smtp._tls.letters.example  TXT   "v=TLSRPTv1; rua=mailto:tls@letters.example"
ada.letters.example         MX    10 letters.example
ada.letters.example         TXT   "v=spf1 ip4:45.148.10.20 -all"
_dmarc.letters.example      TXT   "v=DMARC1; p=quarantine; rua=mailto:dmarc@letters.example"
soucoupe._domainkey.ada.letters.example TXT "{key}"
20.10.148.45.in-addr.arpa   PTR   letters.example
"#;

/// An instance with a name server, one publication and a signing key.
pub struct Practice {
    pub instance: Instance,
    pub names: Names,
    pub key: String,
}

impl Practice {
    /// Everything in order; `change` has the last word on the configuration.
    pub async fn open(house: &House, change: impl FnOnce(&mut instance::Config)) -> Practice {
        let names = Names::start("").await;
        let mut config = (*house.instance.config).clone();
        config.dns = Some(names.address());
        config.returns.listen = Some("45.148.10.20:25".parse().unwrap());
        change(&mut config);
        let clock = house.instance.clock.clone();
        let instance = Instance::with(house.instance.store.clone(), config, clock).await.unwrap();
        let new = NewPublication {
            slug: "gazette".into(),
            name: "La Gazette".into(),
            from: "Ada <ada@ada.letters.example>".into(),
            language: "fr".into(),
            postal_address: Some("1 rue du Fil, Aubusson".into()),
            ..NewPublication::default()
        };
        publications::create(&instance, new).await.unwrap();
        let signer = publications::keys::create(&instance, "ada.letters.example", "soucoupe").await.unwrap();
        let practice = Practice { instance, names, key: signer.dns_record().unwrap() };
        practice.zone(&[]);
        practice
    }

    /// Publishes the sound zone with some of its texts replaced.
    pub fn zone(&self, changes: &[(&str, &str)]) {
        let mut zone = ZONE.to_owned();
        for (from, to) in changes {
            assert!(zone.contains(from), "{from}");
            zone = zone.replace(from, to);
        }
        self.names.set(&zone.replace("{key}", &self.key));
    }

    /// Looks at everything.
    pub async fn visit(&self) -> Report {
        let own: IpAddr = OURS.parse().unwrap();
        let bag = Bag::with(&self.instance, None, Some(own));
        examine_with(Arc::new(bag), &Visit::default()).await.unwrap()
    }

    /// The findings of a check.
    pub async fn of(&self, name: &str) -> Vec<Finding> {
        self.visit().await.findings.into_iter().filter(|finding| finding.name == name).collect()
    }
}

/// A way to everybody, at a port of a test.
pub fn direct(port: u16) -> RouteConfig {
    RouteConfig {
        name: "straight".to_owned(),
        url: format!("direct:?port={port}"),
        weight: 1,
        connections: 4,
        rate: None,
        daily_cap: None,
        warm_up: None,
        signing: Signing::Ours,
    }
}

/// A way by a relay.
pub fn relay(name: &str, url: &str) -> RouteConfig {
    RouteConfig { name: name.to_owned(), url: url.to_owned(), ..direct(25) }
}

/// Names and levels of what is not in order.
pub fn amiss(report: &Report) -> Vec<(&'static str, Level)> {
    let wrong = report.findings.iter().filter(|finding| finding.level != Level::Ok);
    wrong.map(|finding| (finding.name, finding.level)).collect()
}
