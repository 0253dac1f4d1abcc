//! The way back: where bounces, complaints and replies arrive.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use records::mta_sts::{self, Mode};
use records::tls_rpt;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::bag::{Bag, Silence, is_private};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

/// The only port to which mail servers deliver (RFC 5321 4.5.4.2).
const SMTP: u16 = 25;

fn finding(bag: &Bag, name: &'static str, level: Level, what: &'static str) -> Finding {
    let domain = bag.instance.config.mail_domain();
    Finding::new(Area::ReturnPath, domain.as_str(), name, level, what).with("domain", domain.as_str())
}

/// Whether what comes back finds us.
pub(crate) async fn way_back(bag: Arc<Bag>) -> Outcome {
    let config = &bag.instance.config;
    let told = |level, what| finding(&bag, "way_back", level, what);
    let (domain, host) = (config.mail_domain(), config.host().name);
    let services: Vec<&str> = config.returns.webhooks.keys().map(String::as_str).collect();
    let listener = config.returns.listen;
    if listener.is_none() && config.returns.imap.is_none() {
        return Ok(vec![match services.as_slice() {
            [] => told(Level::Warn, "way-back-none"),
            services => told(Level::Ok, "way-back-services").with("services", services.join(", ")),
        }]);
    }
    let paste = |told: Finding| told.record(&domain, "MX", format!("10 {host}."));
    let servers = bag.mx(&domain).await?;
    if servers.is_empty() {
        // RFC 5321 5.1: without an MX, the addresses of the name itself would be tried.
        return Ok(vec![paste(told(Level::Bad, "way-back-no-mx"))]);
    }
    let names: Vec<&str> = servers.iter().map(|name| name.trim_end_matches('.')).collect();
    if names == [""] {
        // RFC 7505: the domain says that it takes no mail.
        return Ok(vec![paste(told(Level::Bad, "way-back-null"))]);
    }
    let shown = names.join(", ");
    let Some(listener) = listener else {
        return Ok(vec![told(Level::Ok, "way-back-mailbox").with("servers", shown)]);
    };
    let ours = own_addresses(&bag, &host).await?;
    let mut there = Vec::new();
    for name in &names {
        there.extend(bag.addresses(name).await?);
    }
    let mut findings = vec![if there.is_empty() {
        paste(told(Level::Bad, "way-back-lost").with("servers", shown))
    } else if there.iter().any(|ip| ours.contains(ip)) {
        told(Level::Ok, "way-back").with("servers", shown)
    } else {
        paste(told(Level::Warn, "way-back-elsewhere").with("servers", shown).with("host", host.as_str()))
    }];
    if !greets(listener, bag.patience.step).await {
        findings.push(told(Level::Warn, "way-back-deaf").with("listen", listener.to_string()));
    }
    if listener.port() != SMTP {
        findings.push(told(Level::Warn, "way-back-port").with("listen", listener.to_string()));
    }
    Ok(findings)
}

/// Whether a mail server answers where our listener should be; taken for granted where this machine cannot see it.
async fn greets(listener: SocketAddr, patience: Duration) -> bool {
    let ip = match listener.ip() {
        ip if ip.is_loopback() => ip,
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        _ => return true,
    };
    let greeting = async {
        let mut code = [0; 3];
        let mut stream = TcpStream::connect(SocketAddr::new(ip, listener.port())).await.ok()?;
        stream.read_exact(&mut code).await.ok()?;
        (code == *b"220").then_some(())
    };
    matches!(timeout(patience, greeting).await, Ok(Some(())))
}

/// The addresses under which the world finds this machine.
async fn own_addresses(bag: &Bag, host: &str) -> Result<Vec<IpAddr>, Silence> {
    let mut own = bag.addresses(host).await?;
    own.extend(bag.outgoing_address());
    own.extend(bag.instance.config.returns.listen.map(|listen| listen.ip()).filter(|ip| !is_private(*ip)));
    Ok(own)
}

/// Whether mail is taken in at this domain by servers of ours.
fn takes_mail(bag: &Bag) -> bool {
    bag.instance.config.returns.listen.is_some()
}

/// RFC 8460: where senders tell that they could not encrypt.
pub(crate) async fn tls_rpt(bag: Arc<Bag>) -> Outcome {
    let domain = bag.instance.config.mail_domain();
    let name = tls_rpt::record_name(&domain);
    let texts = bag.txt(&name).await?;
    let paste =
        |told: Finding| told.record(&name, "TXT", format!("v=TLSRPTv1; rua=mailto:postmaster@{domain}"));
    let told = |level, what| finding(&bag, "tls_rpt", level, what);
    Ok(vec![match tls_rpt::only(&texts) {
        Ok(Some(record)) => told(Level::Ok, "tls-rpt").with("reports", record.reports.join(", ")),
        Ok(None) if takes_mail(&bag) => paste(told(Level::Warn, "tls-rpt-missing")),
        Ok(None) => paste(told(Level::Ok, "tls-rpt-none")),
        Err(error) => paste(told(Level::Warn, "tls-rpt-wrong").with("why", error.to_string())),
    }])
}

/// RFC 8461: senders are told that our servers encrypt.
pub(crate) async fn mta_sts(bag: Arc<Bag>) -> Outcome {
    let domain = bag.instance.config.mail_domain();
    let name = mta_sts::record_name(&domain);
    let texts = bag.txt(&name).await?;
    let told = |level, what| finding(&bag, "mta_sts", level, what);
    match mta_sts::only(&texts) {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(vec![told(Level::Ok, "mta-sts-none")]),
        Err(error) => return Ok(vec![told(Level::Warn, "mta-sts-wrong").with("why", error.to_string())]),
    }
    let url = mta_sts::policy_url(&domain);
    let told = |level, what| told(level, what).with("url", url.as_str());
    let text = match bag.fetch(&url, mta_sts::POLICY_MAX).await {
        Ok(text) => text,
        Err(why) => return Ok(vec![told(Level::Bad, "mta-sts-lost").with("why", why)]),
    };
    let policy = match mta_sts::parse_policy(&String::from_utf8_lossy(&text)) {
        Ok(policy) => policy,
        Err(error) => {
            return Ok(vec![told(Level::Bad, "mta-sts-wrong-policy").with("why", error.to_string())]);
        }
    };
    let servers = bag.mx(&domain).await?;
    let left_out = servers.iter().map(|name| name.trim_end_matches('.')).find(|name| !policy.matches(name));
    Ok(vec![match left_out {
        Some(name) if policy.mode != Mode::None => told(Level::Bad, "mta-sts-server").with("server", name),
        _ => told(Level::Ok, "mta-sts").with("mode", policy.mode.as_str()),
    }])
}
