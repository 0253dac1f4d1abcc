//! Straight to the readers' mail servers: our name, the name of our address, and the way to port 25.

use std::io;
use std::net::{IpAddr, SocketAddr};

use records::spf::Query;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Way;
use crate::bag::{Bag, Silence, is_private};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

/// A mail server that the whole world can reach on port 25.
const FAR_MAIL: &str = "gmail.com";

pub(super) async fn look(bag: &Bag, way: &Way, port: u16) -> Outcome {
    let mut findings = names(bag, way).await?;
    findings.push(match port_25(bag, way, port).await {
        Ok(finding) => finding,
        Err(silence) => silence.finding(Area::Route, &way.name, "port_25"),
    });
    Ok(findings)
}

/// The addresses that receivers see: the one this machine goes out from, else those of its name.
pub(crate) async fn outgoing(bag: &Bag, ehlo: &str) -> Result<Vec<IpAddr>, Silence> {
    match bag.outgoing_address() {
        Some(own) => Ok(vec![own]),
        None => Ok(bag.addresses(ehlo).await?.into_iter().filter(|ip| !is_private(*ip)).collect()),
    }
}

/// RFC 5321 4.1.4 wants a name that exists; receivers want it to lead back (forward-confirmed reverse DNS).
async fn names(bag: &Bag, way: &Way) -> Outcome {
    let ehlo = way.ehlo.as_str();
    let finding =
        |name, level, what| Finding::new(Area::Route, &way.name, name, level, what).with("ehlo", ehlo);
    let forward = bag.addresses(ehlo).await?;
    let own = outgoing(bag, ehlo).await?;
    let shown = |ips: &[IpAddr]| ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if forward.is_empty() {
        let mut lost = finding("ehlo", Level::Bad, "ehlo-lost");
        for ip in &own {
            lost = lost.record(ehlo, if ip.is_ipv4() { "A" } else { "AAAA" }, ip.to_string());
        }
        return Ok(vec![lost]);
    }
    let mut findings = vec![if own.iter().any(|ip| forward.contains(ip)) || own.is_empty() {
        finding("ehlo", Level::Ok, "ehlo").with("address", shown(&forward))
    } else {
        let mut elsewhere = finding("ehlo", Level::Bad, "ehlo-elsewhere")
            .with("address", shown(&forward))
            .with("own", shown(&own));
        for ip in &own {
            elsewhere = elsewhere.record(ehlo, if ip.is_ipv4() { "A" } else { "AAAA" }, ip.to_string());
        }
        elsewhere
    }];
    if own.is_empty() {
        findings.push(finding("ptr", Level::Unknown, "ptr-inside"));
    }
    for ip in own {
        let found = bag.ptr(ip).await?;
        let told = |level, what| finding("ptr", level, what).with("address", ip.to_string());
        let paste = |told: Finding| told.record(Query::ptr(ip).name, "PTR", format!("{ehlo}."));
        let is_ehlo =
            |name: &String| name.trim_end_matches('.').eq_ignore_ascii_case(ehlo.trim_end_matches('.'));
        findings.push(match found.first() {
            None => paste(told(Level::Bad, "ptr-none")),
            Some(_) if found.iter().any(is_ehlo) => told(Level::Ok, "ptr"),
            Some(other) => {
                let leads_back = bag.addresses(other).await?.contains(&ip);
                let (level, what) =
                    if leads_back { (Level::Warn, "ptr-other") } else { (Level::Bad, "ptr-false") };
                paste(told(level, what).with("name", other.trim_end_matches('.')))
            }
        });
    }
    Ok(findings)
}

/// Many houses let nobody out to port 25.
async fn port_25(bag: &Bag, way: &Way, port: u16) -> Result<Finding, Silence> {
    let servers = bag.mx(FAR_MAIL).await?;
    let server = servers.first().ok_or_else(|| Silence::Dns(FAR_MAIL.to_owned()))?;
    let addresses = bag.addresses(server).await?;
    let found = addresses.iter().find(|ip| ip.is_ipv4()).or_else(|| addresses.first());
    let ip = *found.ok_or_else(|| Silence::Dns(server.clone()))?;
    let finding = |level, what| {
        Finding::new(Area::Route, &way.name, "port_25", level, what)
            .with("host", server.trim_end_matches('.'))
    };
    Ok(match timeout(bag.patience.step, TcpStream::connect(SocketAddr::new(ip, port))).await {
        Ok(Ok(_)) => finding(Level::Ok, "port-25"),
        Ok(Err(error))
            if matches!(error.kind(), io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown) =>
        {
            return Err(Silence::Dns(error.to_string()));
        }
        Ok(Err(_)) | Err(_) => finding(Level::Bad, "port-25-closed"),
    })
}
