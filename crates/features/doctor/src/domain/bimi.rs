//! BIMI: the logo beside the sender's name, where a domain wants one.

use std::sync::Arc;

use records::bimi::{self, SVG_MAX};
use records::dmarc::Policy;

use crate::bag::Bag;
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

/// Looks at the record, and at the drawing it names.
pub(crate) async fn look(bag: Arc<Bag>, domain: String) -> Outcome {
    let finding = |level, what| {
        Finding::new(Area::Domain, domain.as_str(), "bimi", level, what).with("domain", domain.as_str())
    };
    let name = bimi::record_name("default", &domain);
    let example = format!("v=BIMI1; l=https://{domain}/logo.svg; a=");
    let texts = bag.txt(&name).await?;
    let Some(text) = texts.iter().find(|text| bimi::is_record(text)) else {
        // Nobody has to show a logo.
        return Ok(vec![finding(Level::Ok, "bimi-none").record(name, "TXT", example)]);
    };
    let record = match bimi::parse(text) {
        Ok(record) => record,
        Err(error) => {
            let wrong = finding(Level::Warn, "bimi-wrong").with("why", error.to_string());
            return Ok(vec![wrong.record(name, "TXT", example)]);
        }
    };
    let Some(logo) = record.logo else { return Ok(vec![finding(Level::Ok, "bimi-declined")]) };
    let mut findings = Vec::new();
    let walk = bag.dmarc_walk(&domain).await?;
    let strict = walk.record.is_some_and(|(place, record)| {
        record.policy_for(records::normal(&place) == records::normal(&domain), true) != Policy::None
    });
    if !strict {
        let wanted = format!("v=DMARC1; p=quarantine; rua=mailto:postmaster@{domain}");
        findings.push(finding(Level::Warn, "bimi-lenient").record(format!("_dmarc.{domain}"), "TXT", wanted));
    }
    let shown = logo.as_str();
    match bag.fetch(shown, SVG_MAX + 1).await {
        Err(why) => findings.push(finding(Level::Warn, "bimi-logo-lost").with("url", shown).with("why", why)),
        Ok(drawing) => {
            let problems = bimi::check_svg(&drawing);
            if let Some(problem) = problems.first() {
                let wrong = finding(Level::Warn, "bimi-logo-wrong").with("url", shown);
                findings.push(wrong.with("why", problem.to_string()).number("n", problems.len()));
            }
        }
    }
    if findings.is_empty() {
        findings.push(match record.evidence {
            Some(_) => finding(Level::Ok, "bimi").with("url", shown),
            None => finding(Level::Ok, "bimi-unproven").with("url", shown),
        });
    }
    Ok(findings)
}
