//! DMARC (RFC 9989): what the domain asks of receivers, and whether our mail would pass.

use std::sync::Arc;

use instance::Signing;
use records::dmarc::{self, Alignment, Found, Policy};

use crate::bag::{Bag, Silence};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};
use crate::route::Way;

fn finding(domain: &str, name: &'static str, level: Level, what: &'static str) -> Finding {
    Finding::new(Area::Domain, domain, name, level, what).with("domain", domain)
}

fn advised(domain: &str) -> String {
    format!("v=DMARC1; p=none; rua=mailto:postmaster@{domain}")
}

/// Looks at the record that applies to a domain, and at alignment.
pub(crate) async fn look(bag: Arc<Bag>, ways: Arc<Vec<Way>>, domain: String) -> Outcome {
    let name = format!("_dmarc.{domain}");
    let found = match record(&bag, &domain).await {
        Ok(found) => found,
        Err(silence) => {
            let unknown = silence.finding(Area::Domain, &domain, "dmarc");
            return Ok(vec![unknown.record(name, "TXT", advised(&domain))]);
        }
    };
    let (mut findings, walk) = found;
    findings.push(match aligned(&bag, &ways, &domain, &walk).await {
        Ok(finding) => finding,
        Err(silence) => silence.finding(Area::Domain, &domain, "alignment"),
    });
    Ok(findings)
}

async fn record(bag: &Bag, domain: &str) -> Result<(Vec<Finding>, Found), Silence> {
    let name = format!("_dmarc.{domain}");
    let own = dmarc::only(&bag.txt(&name).await?);
    let walk = bag.dmarc_walk(domain).await?;
    let told = |level, what| finding(domain, "dmarc", level, what);
    let paste = |told: Finding| told.record(&name, "TXT", advised(domain));
    // The walk passes over a broken record as if there were none; the author should know.
    if let Err(error) = own {
        return Ok((vec![paste(told(Level::Bad, "dmarc-wrong").with("why", error.to_string()))], walk));
    }
    let Some((place, record)) = walk.record.clone() else {
        return Ok((vec![paste(told(Level::Bad, "dmarc-missing"))], walk));
    };
    let itself = records::normal(&place) == records::normal(domain);
    let policy = record.policy_for(itself, true);
    let told = |level, what| told(level, what).with("place", place.as_str()).with("policy", policy.as_str());
    let mut findings = Vec::new();
    if !record.policy_stated {
        findings.push(paste(told(Level::Warn, "dmarc-no-policy")));
    } else if record.aggregate_reports.is_empty() {
        let wanted = format!("v=DMARC1; p={}; rua=mailto:postmaster@{domain}", record.policy.as_str());
        findings.push(told(Level::Warn, "dmarc-no-reports").record(format!("_dmarc.{place}"), "TXT", wanted));
    }
    if let Some((_, share)) = record.removed.iter().find(|(name, value)| name == "pct" && value != "100") {
        findings.push(told(Level::Warn, "dmarc-share").with("share", share.as_str()));
    }
    if findings.is_empty() {
        let what = match policy {
            Policy::None => "dmarc-none",
            Policy::Quarantine | Policy::Reject => "dmarc",
        };
        let reports = record.aggregate_reports.join(", ");
        findings.push(told(Level::Ok, what).with("reports", reports));
    }
    Ok((findings, walk))
}

/// RFC 9989 4.4: one of the two, the return path or the signature, is in the name of the author's domain.
async fn aligned(bag: &Bag, ways: &[Way], domain: &str, walk: &Found) -> Result<Finding, Silence> {
    let author = (domain, walk.organizational_domain.as_str());
    let (dkim_mode, spf_mode) = match &walk.record {
        Some((_, record)) => (record.dkim, record.spf),
        None => (Alignment::Relaxed, Alignment::Relaxed),
    };
    let path = bag.instance.config.mail_domain();
    let same = records::normal(&path) == records::normal(domain);
    let path_org =
        if same { author.1.to_owned() } else { bag.dmarc_walk(&path).await?.organizational_domain };
    let by_path = dmarc::aligned(spf_mode, author, (&path, &path_org));
    let signer = publications::keys::signer(&bag.instance, domain).await;
    let signer = signer.map_err(|error| Silence::Fault(error.to_string()))?;
    let ours = ways.is_empty() || ways.iter().any(|way| way.signing != Signing::Relay);
    let by_key =
        ours && signer.is_some_and(|signer| dmarc::aligned(dkim_mode, author, (signer.domain(), author.1)));
    let by_relay = ways.iter().any(|way| way.signing != Signing::Ours);
    let (level, what) = match (by_path, by_key) {
        (true, true) => (Level::Ok, "aligned"),
        (false, true) => (Level::Ok, "aligned-key"),
        (true, false) => (Level::Warn, "aligned-path"),
        (false, false) if by_relay => (Level::Warn, "aligned-relay"),
        (false, false) => (Level::Bad, "aligned-none"),
    };
    Ok(finding(domain, "alignment", level, what).with("path", path))
}
