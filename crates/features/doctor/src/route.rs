//! A way out: whether it takes us in, and under which conditions.

mod direct;
pub(crate) mod relays;

pub(crate) use routes::told;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use instance::{Instance, Signing};
use routes::Out;
use smtp::{AuthError, Connection, Route, Security, SendError, Timeouts};

use crate::bag::{Bag, Silence, is_private};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

pub(crate) use direct::outgoing as direct_addresses;

/// Relays that take less than this do not take a letter with its headers.
const SIZE_MIN: u64 = 200 * 1024;

/// A way out, as the doctor sees it.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// Its name; the relay of `smtp_url` has none of its own.
    pub name: String,
    /// Where it leads.
    pub to: Destination,
    /// The name it greets with.
    pub ehlo: String,
    /// Who signs.
    pub signing: Signing,
}

/// Where a way leads.
#[derive(Clone, Debug)]
pub(crate) enum Destination {
    /// To a relay.
    Relay(Route),
    /// Straight to the mail servers of the readers.
    Direct {
        /// The port they listen on.
        port: u16,
    },
    /// Nowhere: why.
    Nowhere(String),
}

/// Every way out that is configured.
pub(crate) fn ways(instance: &Instance) -> Vec<Way> {
    let own = instance.config.mail_domain();
    let way = |route: instance::RouteConfig| {
        let (to, ehlo) = match Out::parse(&route.url) {
            Ok(Out::Relay(relay)) => {
                let ehlo = relay.ehlo.clone();
                (Destination::Relay(relay), ehlo)
            }
            Ok(Out::Direct(direct)) => (Destination::Direct { port: direct.port }, direct.ehlo),
            Err(error) => (Destination::Nowhere(error.to_string()), None),
        };
        Way { name: route.name, to, ehlo: ehlo.unwrap_or_else(|| own.clone()), signing: route.signing }
    };
    instance.config.all_routes().into_iter().map(way).collect()
}

/// Looks at one way.
pub(crate) async fn look(bag: Arc<Bag>, way: Way) -> Outcome {
    match &way.to {
        Destination::Nowhere(why) => {
            let finding = Finding::new(Area::Route, &way.name, "connection", Level::Bad, "route-wrong");
            Ok(vec![finding.with("why", why.as_str())])
        }
        Destination::Direct { port } => direct::look(&bag, &way, *port).await,
        Destination::Relay(route) => relay(&bag, &way, route).await,
    }
}

async fn relay(bag: &Bag, way: &Way, route: &Route) -> Outcome {
    let place = format!("{}:{}", route.host, route.port);
    let here = route.host == "localhost" || route.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if bag.is_offline() && !here {
        return Err(Silence::Offline);
    }
    let finding = |name, level, what| {
        Finding::new(Area::Route, &way.name, name, level, what).with("place", place.as_str())
    };
    let connection = match Connection::open(route, &way.ehlo, Timeouts::all(bag.patience.step)).await {
        Ok(connection) => connection,
        Err(error) => return refused(bag, route, &place, &way.name, &error).await,
    };
    let encrypted = connection.is_encrypted();
    let can = connection.capabilities().clone();
    connection.quit().await;
    let mut findings = Vec::new();
    let reach = match (encrypted, route.credentials.is_some()) {
        (true, true) => "route-sealed-known",
        (true, false) => "route-sealed",
        (false, true) => "route-open-known",
        (false, false) => "route-open",
    };
    findings.push(finding("connection", Level::Ok, reach));
    if !encrypted {
        findings.push(if inside(bag, route).await {
            finding("encryption", Level::Ok, "encryption-inside")
        } else if can.starttls {
            finding("encryption", Level::Bad, "encryption-offered").with("host", route.host.as_str())
        } else {
            finding("encryption", Level::Bad, "encryption-none")
        });
    } else {
        findings.push(finding("encryption", Level::Ok, "encryption"));
    }
    if route.credentials.is_none() && !can.auth.is_empty() && !inside(bag, route).await {
        findings.push(finding("sign_in", Level::Warn, "sign-in-none"));
    }
    let offered: Vec<&str> = [
        (can.pipelining, "PIPELINING"),
        (can.chunking, "CHUNKING"),
        (can.eight_bit_mime, "8BITMIME"),
        (can.size.is_some(), "SIZE"),
    ]
    .into_iter()
    .filter_map(|(there, name)| there.then_some(name))
    .collect();
    let offered = if offered.is_empty() { "–".to_owned() } else { offered.join(", ") };
    findings.push(match can.size {
        Some(size) if size > 0 && size < SIZE_MIN => {
            finding("extensions", Level::Bad, "extensions-small").size("size", size)
        }
        _ if !can.pipelining => {
            finding("extensions", Level::Warn, "extensions-slow").with("offered", offered)
        }
        _ => finding("extensions", Level::Ok, "extensions").with("offered", offered),
    });
    findings.push(finding(
        "signing",
        Level::Ok,
        match way.signing {
            Signing::Ours => "signing-ours",
            Signing::Relay => "signing-relay",
            Signing::Both => "signing-both",
        },
    ));
    Ok(findings)
}

/// Whether the relay stands on this machine or in a private network.
async fn inside(bag: &Bag, route: &Route) -> bool {
    if let Ok(ip) = route.host.parse::<IpAddr>() {
        return is_private(ip);
    }
    if route.host == "localhost" {
        return true;
    }
    bag.addresses(&route.host)
        .await
        .is_ok_and(|found| !found.is_empty() && found.iter().all(|ip| is_private(*ip)))
}

/// What a connection that did not come about says.
async fn refused(bag: &Bag, route: &Route, place: &str, about: &str, error: &SendError) -> Outcome {
    let finding =
        |name, level, what| Finding::new(Area::Route, about, name, level, what).with("place", place);
    let why = || told(error);
    Ok(vec![match error {
        SendError::Connect { source, .. } => match source.kind() {
            // No network is no fault of the relay.
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
                return Err(Silence::Dns(source.to_string()));
            }
            io::ErrorKind::TimedOut => finding("connection", Level::Bad, "route-silent"),
            io::ErrorKind::ConnectionRefused => finding("connection", Level::Bad, "route-closed"),
            // A name that could not be looked up has no number of the system's.
            _ if source.raw_os_error().is_none() && route.host.parse::<IpAddr>().is_err() => {
                if bag.addresses(&route.host).await?.is_empty() {
                    finding("connection", Level::Bad, "route-unknown").with("host", route.host.as_str())
                } else {
                    finding("connection", Level::Bad, "route-failed").with("why", why())
                }
            }
            _ => finding("connection", Level::Bad, "route-failed").with("why", why()),
        },
        SendError::Tls { .. } | SendError::TlsSettings(_) => {
            finding("encryption", Level::Bad, "encryption-failed")
                .with("why", why())
                .with("host", route.host.as_str())
        }
        SendError::NoStartTls { .. } => finding("encryption", Level::Bad, "encryption-missing"),
        SendError::Auth(AuthError::InClear(_)) => finding("sign_in", Level::Bad, "sign-in-clear"),
        SendError::Auth(AuthError::NotOffered(offered)) => {
            let secure = route.security != Security::Plain;
            let what = if secure { "sign-in-missing" } else { "sign-in-missing-clear" };
            let offered = if offered.is_empty() { "–" } else { offered };
            finding("sign_in", Level::Bad, what).with("offered", offered)
        }
        SendError::Auth(AuthError::Refused(reply)) => {
            finding("sign_in", Level::Bad, "sign-in-refused").with("reply", reply.to_string())
        }
        SendError::Timeout { .. } => finding("connection", Level::Bad, "route-silent"),
        _ => finding("connection", Level::Bad, "route-failed").with("why", why()),
    }])
}
