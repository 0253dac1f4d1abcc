//! What the sending services ask their customers to write into SPF, by the name of their relay.

/// Ends of relay names, the service, and its mechanism, as each service documents it.
const KNOWN: &[(&str, &str, &str)] = &[
    ("amazonaws.com", "Amazon SES", "include:amazonses.com"),
    ("sendgrid.net", "SendGrid", "include:sendgrid.net"),
    ("mailgun.org", "Mailgun", "include:mailgun.org"),
    ("postmarkapp.com", "Postmark", "include:spf.mtasv.net"),
    ("brevo.com", "Brevo", "include:spf.brevo.com"),
    ("sendinblue.com", "Brevo", "include:spf.brevo.com"),
    ("mailjet.com", "Mailjet", "include:spf.mailjet.com"),
    ("sparkpostmail.com", "SparkPost", "include:sparkpostmail.com"),
    ("resend.com", "Resend", "include:amazonses.com"),
    ("tem.scaleway.com", "Scaleway", "include:_spf.tem.scaleway.com"),
    ("forwardemail.net", "Forward Email", "include:spf.forwardemail.net"),
    ("ovh.net", "OVHcloud", "include:mx.ovh.com"),
    ("ovh.ca", "OVHcloud", "include:mx.ovh.com"),
    ("gandi.net", "Gandi", "include:_mailcust.gandi.net"),
    ("infomaniak.com", "Infomaniak", "include:spf.infomaniak.ch"),
    ("gmail.com", "Google", "include:_spf.google.com"),
    ("google.com", "Google", "include:_spf.google.com"),
    ("office365.com", "Microsoft 365", "include:spf.protection.outlook.com"),
    ("outlook.com", "Microsoft 365", "include:spf.protection.outlook.com"),
];

/// A sending service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// Its name.
    pub name: &'static str,
    /// What it wants in SPF.
    pub mechanism: &'static str,
}

/// The service behind a relay, if it is a known one.
pub(crate) fn service(host: &str) -> Option<Service> {
    let host = host.to_ascii_lowercase();
    KNOWN
        .iter()
        .find(|(end, ..)| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
        .map(|(_, name, mechanism)| Service { name, mechanism })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_known_by_the_end_of_its_relays_name() {
        for (host, name) in [
            ("email-smtp.eu-west-3.amazonaws.com", Some("Amazon SES")),
            ("smtp.sendgrid.net", Some("SendGrid")),
            ("smtp.eu.mailgun.org", Some("Mailgun")),
            ("smtp-relay.brevo.com", Some("Brevo")),
            ("in-v3.mailjet.com", Some("Mailjet")),
            ("smtp.tem.scaleway.com", Some("Scaleway")),
            ("SSL0.OVH.NET", Some("OVHcloud")),
            ("smtp-relay.gmail.com", Some("Google")),
            ("smtp.office365.com", Some("Microsoft 365")),
            ("notsendgrid.net", None),
            ("mail.example.org", None),
        ] {
            assert_eq!(service(host).map(|service| service.name), name, "{host}");
        }
    }
}
