//! Signing keys.

use clap::Subcommand;
use instance::Instance;
use wire::Address;
use wire::dkim::{Signer, dns_strings};

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// Signing keys (DKIM).
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a key for a domain and print the DNS records to publish
    Create {
        /// The domain of the sender
        #[arg(long)]
        domain: String,
        /// The name of the key; several may live side by side
        #[arg(long, default_value = "soucoupe")]
        selector: String,
    },
}

impl Keys {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Keys::Create { domain, selector } = self;
        let domain = domain_of(&domain)?;
        let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        // RFC 6376 3.1: a selector is a name in DNS.
        if selector.is_empty() || selector.len() > 63 || !selector.bytes().all(sound) {
            return Err(Failure::input(format!(
                "--selector: {selector:?} is no name in DNS: small letters, digits and hyphens"
            )));
        }
        let instance = open::or_begin(settings).await?;
        let signer = publications::keys::create(&instance, &domain, &selector).await?;
        for line in records(&instance, &signer)? {
            println!("{line}");
        }
        Ok(())
    }
}

/// The domain as DNS knows it.
fn domain_of(text: &str) -> Result<String, Failure> {
    Address::parse(&format!("postmaster@{}", text.trim().trim_end_matches('.')))
        .map(|address| address.domain().to_ascii_lowercase())
        .map_err(|error| Failure::input(format!("--domain: {text:?} is no domain: {error}")))
}

/// What to publish so that readers' servers believe the sender, as lines of a zone file.
pub fn records(instance: &Instance, signer: &Signer) -> Result<Vec<String>, Failure> {
    let record = signer.dns_record().map_err(Failure::internal)?;
    let key =
        dns_strings(&record).into_iter().map(|part| format!("\"{part}\"")).collect::<Vec<_>>().join(" ");
    let (domain, bounces) = (signer.domain(), instance.config.mail_domain());
    Ok(vec![
        "; the key".to_owned(),
        format!("{}. IN TXT {key}", signer.dns_name()),
        "; who may send: put your relay in place of mx where it is another server".to_owned(),
        format!("{bounces}. IN TXT \"v=spf1 mx ~all\""),
        "; what to do with mail that is neither signed nor sent so; begin with none, then quarantine"
            .to_owned(),
        format!("_dmarc.{domain}. IN TXT \"v=DMARC1; p=none; rua=mailto:postmaster@{domain}\""),
    ])
}
