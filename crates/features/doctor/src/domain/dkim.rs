//! DKIM (RFC 6376): the key that DNS shows is the one we sign with.

use std::sync::Arc;

use instance::Signing;
use records::dkim::{self, RSA_BITS_ADVISED};
use wire::dkim::Signer;

use crate::bag::{Bag, Silence};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};
use crate::route::Way;

/// Looks at the key of a domain.
pub(crate) async fn look(bag: Arc<Bag>, ways: Arc<Vec<Way>>, domain: String) -> Outcome {
    let finding = |level, what| {
        Finding::new(Area::Domain, domain.as_str(), "dkim", level, what).with("domain", domain.as_str())
    };
    let ours = ways.is_empty() || ways.iter().any(|way| way.signing != Signing::Relay);
    if !ours {
        return Ok(vec![finding(Level::Ok, "dkim-relay")]);
    }
    let signer = publications::keys::signer(&bag.instance, &domain).await;
    let Some(signer) = signer.map_err(|error| Silence::Fault(error.to_string()))? else {
        return Ok(vec![finding(Level::Warn, "dkim-none")]);
    };
    let record = signer.dns_record().map_err(|error| Silence::Fault(error.to_string()))?;
    let found = match compared(&bag, &signer, &record, &finding).await {
        Ok(found) => found,
        Err(silence) => silence.finding(Area::Domain, &domain, "dkim"),
    };
    Ok(vec![if found.level == Level::Ok { found } else { found.record(signer.dns_name(), "TXT", record) }])
}

async fn compared(
    bag: &Bag,
    signer: &Signer,
    record: &str,
    finding: &impl Fn(Level, &'static str) -> Finding,
) -> Result<Finding, Silence> {
    let name = signer.dns_name();
    let told = |level, what| finding(level, what).with("name", name.as_str());
    let texts = bag.txt(&name).await?;
    let text = match texts.as_slice() {
        [] => return Ok(told(Level::Bad, "dkim-missing")),
        [text] => text,
        // RFC 6376 3.6.2.2: what happens with several is not defined.
        several => return Ok(told(Level::Bad, "dkim-several").number("n", several.len())),
    };
    let key = match dkim::parse(text) {
        Ok(key) => key,
        Err(error) => return Ok(told(Level::Bad, "dkim-wrong").with("why", error.to_string())),
    };
    let own = dkim::parse(record).map_err(|error| Silence::Fault(error.to_string()))?;
    let told = |level, what| told(level, what).number("bits", own.bits);
    Ok(match key {
        key if key.is_revoked() => told(Level::Bad, "dkim-revoked"),
        key if key.key != own.key => told(Level::Bad, "dkim-other"),
        key if key.is_useless() || !key.is_for_mail() => told(Level::Bad, "dkim-useless"),
        key if key.testing => told(Level::Warn, "dkim-testing"),
        key if key.bits < RSA_BITS_ADVISED && key.algorithm == dkim::Algorithm::Rsa => {
            told(Level::Warn, "dkim-short")
        }
        _ => told(Level::Ok, "dkim"),
    })
}
