//! Who receives: the domains and mail servers that count together at one mail provider.
//!
//! What a provider allows, it allows for all its domains at once: a letter to 40 company domains whose mail servers
//! stand at one host is one sender knocking at one door. So domains are rolled up by their mail exchanger where it
//! was looked up, and by their own name where a relay does that.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Everybody else, where only the domain is known.
pub const OTHER: &str = "other";

/// A provider that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// The key in counters and settings; never changes.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Ends of the names of its mail servers.
    exchangers: &'static [&'static str],
    /// Domains of its mailboxes.
    domains: &'static [&'static str],
}

/// The providers of most readers in France and Europe, and the large ones of the world.
pub const KNOWN: &[Provider] = &[
    Provider {
        key: "gmail",
        name: "Gmail",
        exchangers: &["google.com", "googlemail.com"],
        domains: &["gmail.com", "googlemail.com"],
    },
    Provider {
        key: "yahoo",
        name: "Yahoo, AOL",
        exchangers: &["yahoodns.net"],
        domains: &[
            "yahoo.com",
            "yahoo.fr",
            "yahoo.co.uk",
            "yahoo.de",
            "yahoo.es",
            "yahoo.it",
            "yahoo.ca",
            "yahoo.be",
            "yahoo.ie",
            "yahoo.in",
            "yahoo.co.in",
            "yahoo.com.br",
            "yahoo.com.au",
            "yahoo.com.ar",
            "yahoo.com.mx",
            "ymail.com",
            "rocketmail.com",
            "aol.com",
            "aol.fr",
            "aol.co.uk",
            "aol.de",
            "aim.com",
            "netscape.net",
            "verizon.net",
            "att.net",
            "sbcglobal.net",
            "bellsouth.net",
            "sky.com",
        ],
    },
    Provider {
        key: "outlook",
        name: "Outlook.com, Hotmail",
        exchangers: &["olc.protection.outlook.com", "hotmail.com"],
        domains: &[
            "outlook.com",
            "outlook.fr",
            "outlook.de",
            "outlook.es",
            "outlook.it",
            "outlook.be",
            "hotmail.com",
            "hotmail.fr",
            "hotmail.co.uk",
            "hotmail.de",
            "hotmail.es",
            "hotmail.it",
            "hotmail.be",
            "hotmail.ca",
            "live.com",
            "live.fr",
            "live.be",
            "live.co.uk",
            "live.nl",
            "live.ca",
            "msn.com",
            "passport.com",
        ],
    },
    Provider {
        key: "microsoft365",
        name: "Microsoft 365",
        exchangers: &["protection.outlook.com", "mx.microsoft"],
        domains: &[],
    },
    Provider {
        key: "apple",
        name: "iCloud",
        exchangers: &["mail.icloud.com", "apple.com"],
        domains: &["icloud.com", "me.com", "mac.com"],
    },
    Provider {
        key: "orange",
        name: "Orange, Wanadoo",
        exchangers: &["orange.fr", "wanadoo.fr", "orange-business.com"],
        domains: &["orange.fr", "wanadoo.fr", "voila.fr"],
    },
    Provider {
        key: "free",
        name: "Free",
        exchangers: &["free.fr", "proxad.net"],
        domains: &["free.fr", "freesbee.fr", "libertysurf.fr", "online.fr", "aliceadsl.fr", "worldonline.fr"],
    },
    Provider { key: "laposte", name: "La Poste", exchangers: &["laposte.net"], domains: &["laposte.net"] },
    Provider {
        key: "sfr",
        name: "SFR",
        exchangers: &["sfr.fr", "sfr.net", "neuf.fr"],
        domains: &[
            "sfr.fr",
            "neuf.fr",
            "cegetel.net",
            "club-internet.fr",
            "9online.fr",
            "numericable.fr",
            "noos.fr",
        ],
    },
    Provider {
        key: "bouygues",
        name: "Bouygues Telecom",
        exchangers: &["bbox.fr", "bouyguestelecom.fr"],
        domains: &["bbox.fr"],
    },
    Provider {
        key: "comcast",
        name: "Comcast",
        exchangers: &["comcast.net"],
        domains: &["comcast.net", "xfinity.com"],
    },
    Provider {
        key: "gmx",
        name: "GMX, WEB.DE",
        exchangers: &["gmx.net", "web.de", "mail.com"],
        domains: &["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "gmx.fr", "web.de", "mail.com"],
    },
    Provider {
        key: "t-online",
        name: "T-Online",
        exchangers: &["t-online.de"],
        domains: &["t-online.de", "magenta.de"],
    },
    Provider {
        key: "proton",
        name: "Proton Mail",
        exchangers: &["protonmail.ch"],
        domains: &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    },
    Provider {
        key: "libero",
        name: "Libero, Virgilio",
        exchangers: &["libero.it", "iol.it"],
        domains: &["libero.it", "virgilio.it", "iol.it"],
    },
    Provider { key: "bluewin", name: "Bluewin", exchangers: &["bluewin.ch"], domains: &["bluewin.ch"] },
    Provider {
        key: "proximus",
        name: "Proximus, Skynet",
        exchangers: &["proximus.be", "skynet.be"],
        domains: &["skynet.be", "proximus.be"],
    },
    Provider {
        key: "telenet",
        name: "Telenet",
        exchangers: &["telenet-ops.be", "telenet.be"],
        domains: &["telenet.be"],
    },
    Provider {
        key: "videotron",
        name: "Vidéotron",
        exchangers: &["videotron.ca"],
        domains: &["videotron.ca"],
    },
    Provider {
        key: "fastmail",
        name: "Fastmail",
        exchangers: &["messagingengine.com"],
        domains: &["fastmail.com", "fastmail.fm"],
    },
    Provider {
        key: "zoho",
        name: "Zoho",
        exchangers: &["zoho.com", "zoho.eu"],
        domains: &["zoho.com", "zohomail.eu"],
    },
    Provider { key: "ovh", name: "OVH", exchangers: &["mail.ovh.net", "ovh.net"], domains: &[] },
    Provider { key: "gandi", name: "Gandi", exchangers: &["gandi.net"], domains: &[] },
    Provider {
        key: "ionos",
        name: "IONOS",
        exchangers: &["kundenserver.de", "ionos.com", "ionos.fr", "ionos.de", "1and1.fr"],
        domains: &[],
    },
    Provider {
        key: "infomaniak",
        name: "Infomaniak",
        exchangers: &["infomaniak.ch"],
        domains: &["ik.me", "infomaniak.com"],
    },
    Provider { key: "mimecast", name: "Mimecast", exchangers: &["mimecast.com"], domains: &[] },
    Provider {
        key: "proofpoint",
        name: "Proofpoint",
        exchangers: &["pphosted.com", "ppe-hosted.com"],
        domains: &[],
    },
    Provider { key: "barracuda", name: "Barracuda", exchangers: &["barracudanetworks.com"], domains: &[] },
];

/// The provider of a domain whose mail exchangers were looked up: the first of them decides. A provider that is not
/// known is called by the name under which its mail server is registered, as far as a name tells.
pub fn of_exchanger(host: &str) -> Cow<'static, str> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    match KNOWN.iter().find(|provider| provider.exchangers.iter().any(|end| is_under(&host, end))) {
        Some(provider) => Cow::Borrowed(provider.key),
        None => Cow::Owned(registrable(&host).to_owned()),
    }
}

/// The provider of a domain by its name alone, for a way on which somebody else looks up mail exchangers. All who are
/// not known count as one.
pub fn of_domain(domain: &str) -> &'static str {
    // Asked for each mail: one look into a table.
    static KEYS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
        KNOWN
            .iter()
            .flat_map(|provider| provider.domains.iter().map(|domain| (*domain, provider.key)))
            .collect()
    });
    let domain = domain.trim_end_matches('.');
    let found = match domain.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => KEYS.get(domain.to_ascii_lowercase().as_str()),
        false => KEYS.get(domain),
    };
    found.copied().unwrap_or(OTHER)
}

/// The name for people of a provider, where it has one.
pub fn name(key: &str) -> Option<&'static str> {
    KNOWN.iter().find(|provider| provider.key == key).map(|provider| provider.name)
}

/// Whether a host is the named one or below it.
fn is_under(host: &str, end: &str) -> bool {
    host.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Labels below which names are registered in some countries.
const SECOND_LEVEL: &[&str] = &[
    "co", "com", "net", "org", "gov", "gouv", "ac", "edu", "asso", "or", "ne", "go", "gob", "nom", "ltd",
    "plc", "me",
];

/// `mx1.mail.example.co.uk` is of `example.co.uk`. Without a list of public suffixes this is a good guess, and a wrong
/// one only counts two neighbours together.
fn registrable(host: &str) -> &str {
    // An address is nobody's name.
    if host.contains(':') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return host;
    }
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    let country = host.len() - last - 1 == 2;
    let by_country = country && SECOND_LEVEL.contains(&&host[second + 1..last]);
    match (by_country, dots.next()) {
        (false, _) => &host[second + 1..],
        (true, Some(third)) => &host[third + 1..],
        (true, None) => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_rolled_up_by_their_mail_exchanger() {
        for (host, key) in [
            ("gmail-smtp-in.l.google.com.", "gmail"),
            ("ASPMX.L.GOOGLE.COM", "gmail"),
            ("mta7.am0.yahoodns.net", "yahoo"),
            ("hotmail-com.olc.protection.outlook.com", "outlook"),
            ("atelier-example.mail.protection.outlook.com", "microsoft365"),
            ("atelier-example.o-v1.mx.microsoft", "microsoft365"),
            ("mx01.mail.icloud.com", "apple"),
            ("smtp-in.orange.fr", "orange"),
            ("smtp-in.wanadoo.fr", "orange"),
            ("mx1.free.fr", "free"),
            ("smtpz4.laposte.net", "laposte"),
            ("smtp-in.sfr.fr", "sfr"),
            ("mx1h1.comcast.net", "comcast"),
            ("mx00.emig.gmx.net", "gmx"),
            ("mx-ha02.web.de", "gmx"),
            ("mail.protonmail.ch", "proton"),
            ("mx1.notfree.fr", "notfree.fr"),
            ("mx.example.org", "example.org"),
            ("a.b.mail.example.co.uk", "example.co.uk"),
            ("mail.example.gouv.fr", "example.gouv.fr"),
            ("example.gouv.fr", "example.gouv.fr"),
            ("gouv.fr", "gouv.fr"),
            ("mail.example.fr", "example.fr"),
            ("localhost", "localhost"),
            ("192.0.2.1", "192.0.2.1"),
            ("", ""),
        ] {
            assert_eq!(of_exchanger(host), key, "{host}");
        }
    }

    #[test]
    fn a_relay_counts_by_the_domains_that_are_known_and_all_others_together() {
        for (domain, key) in [
            ("gmail.com", "gmail"),
            ("Yahoo.FR", "yahoo"),
            ("hotmail.fr", "outlook"),
            ("wanadoo.fr", "orange"),
            ("mail.gmail.com", OTHER),
            ("atelier.example", OTHER),
        ] {
            assert_eq!(of_domain(domain), key, "{domain}");
        }
    }

    #[test]
    fn keys_are_unique_and_nobody_claims_anothers_domain() {
        for (place, provider) in KNOWN.iter().enumerate() {
            assert_eq!(name(provider.key), Some(provider.name));
            for other in &KNOWN[place + 1..] {
                assert_ne!(provider.key, other.key);
                assert!(provider.domains.iter().all(|domain| !other.domains.contains(domain)), "{other:?}");
            }
        }
    }
}
