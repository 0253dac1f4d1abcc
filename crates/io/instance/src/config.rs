//! What an operator decides before the program starts.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// The configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// `https://letters.example`, without a slash at the end.
    pub base_url: String,
    /// Where the program answers.
    pub listen: SocketAddr,
    /// Folder of the instance.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// The relay: `smtp://`, `smtps://` or `smtp+starttls://`, with user and password.
    pub smtp_url: Option<String>,
    /// Open connections to the relay.
    pub smtp_connections: u16,
    /// Mails a second at most; no limit when absent.
    pub rate: Option<u32>,
    /// Further ways out, from `[[route]]`; [`Config::all_routes`] has the relay above among them.
    pub routes: Vec<RouteConfig>,
    /// How mail and word of mail come back.
    pub returns: ReturnsConfig,
    /// The name server to ask; the system's when absent.
    pub dns: Option<SocketAddr>,
    /// Where SpamAssassin (`spamd://127.0.0.1:783`) or rspamd (`http://127.0.0.1:11333`) scores a sample letter.
    pub spam_checker: Option<String>,
    /// Domain of return paths; the host of `base_url` when absent.
    pub bounce_domain: Option<String>,
    /// Whether this instance shows its mail catcher on the desk.
    pub catcher: bool,
    /// Proxies in front that are believed when they say where a request comes from (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpAddr>,
}

/// A way out: a relay, or straight to the mail servers of the readers.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteConfig {
    /// Its name on the desk and in the ledger.
    pub name: String,
    /// A relay's URL as `smtp_url` has it, or `direct:`.
    pub url: String,
    /// Its share where a publication may use several: 0 only when no other works.
    pub weight: u32,
    /// Open connections at most.
    pub connections: u16,
    /// Mails a second at most.
    pub rate: Option<u32>,
    /// Mails a day (UTC) at most.
    pub daily_cap: Option<u32>,
    /// The first day (days since 1970 UTC) of a warm-up; none: the way is warm.
    pub warm_up: Option<i64>,
    /// Who signs.
    pub signing: Signing,
}

/// Who puts a DKIM signature on what leaves by a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// We do, where the domain has a key.
    #[default]
    Ours,
    /// The relay does; we do not.
    Relay,
    /// Both: ours leaves out what relays rewrite (Message-ID, Date).
    Both,
}

/// How mail and word of mail come back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReturnsConfig {
    /// Where the built-in SMTP listener takes bounces and replies.
    pub listen: Option<SocketAddr>,
    /// Certificate and key (PEM files) that the listener offers STARTTLS with.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// A mailbox to poll: `imaps://user:password@host/INBOX`.
    pub imap: Option<String>,
    /// What each sending service signs its notices with, by the service's name.
    pub webhooks: std::collections::BTreeMap<String, String>,
}

/// Why a configuration is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The base address is not one.
    #[error("the base address {0:?} is not one: write https://letters.example, without a path")]
    BaseUrl(String),
}

/// The host of the base address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Name without a port.
    pub name: String,
    /// Name with its port, as browsers send it.
    pub authority: String,
}

impl Config {
    /// A configuration for a folder, everything else at its default.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Config {
            base_url: format!("http://{listen}"),
            listen,
            database_url: format!("sqlite:{}", data.join("soucoupe.db").display()),
            data,
            smtp_url: None,
            smtp_connections: 16,
            rate: None,
            routes: Vec::new(),
            returns: ReturnsConfig::default(),
            dns: None,
            spam_checker: None,
            bounce_domain: None,
            catcher: false,
            trusted_proxies: Vec::new(),
        }
    }

    /// Checks a base address and cuts its last slash.
    pub fn read_base_url(text: &str) -> Result<String, ConfigError> {
        let wrong = || ConfigError::BaseUrl(text.to_owned());
        let url = url::Url::parse(text.trim()).map_err(|_| wrong())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(wrong()) }
    }

    /// Every way out: the relay of `smtp_url` under the name `default`, then those of `[[route]]`.
    pub fn all_routes(&self) -> Vec<RouteConfig> {
        let relay = self.smtp_url.as_ref().map(|url| RouteConfig {
            name: "default".to_owned(),
            url: url.clone(),
            weight: 1,
            connections: self.smtp_connections,
            rate: self.rate,
            daily_cap: None,
            warm_up: None,
            signing: Signing::Ours,
        });
        relay.into_iter().chain(self.routes.iter().cloned()).collect()
    }

    /// Whether readers come over https.
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The host that readers see.
    pub fn host(&self) -> Host {
        let authority = self.base_url.split("://").nth(1).unwrap_or_default().to_owned();
        let name = match authority.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
            _ => authority.clone(),
        };
        Host { name, authority }
    }

    /// Domain of return paths and Message-IDs: never a number, so that a relay takes it.
    pub fn mail_domain(&self) -> String {
        if let Some(domain) = &self.bounce_domain {
            return domain.clone();
        }
        let name = self.host().name;
        let numeric = name.parse::<std::net::IpAddr>().is_ok() || name.starts_with('[');
        if numeric { "localhost".to_owned() } else { name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_has_no_path() {
        for (text, read) in [
            ("https://letters.example", Some("https://letters.example")),
            ("https://letters.example/", Some("https://letters.example")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("https://letters.example/blog", None),
            ("ftp://letters.example", None),
            ("letters.example", None),
            ("https://a@letters.example", None),
        ] {
            assert_eq!(Config::read_base_url(text).ok().as_deref(), read, "{text}");
        }
    }

    #[test]
    fn the_host_is_that_of_the_base_address() {
        let mut config = Config::in_folder("/nowhere");
        config.base_url = "http://127.0.0.1:8080".into();
        assert_eq!(config.host(), Host { name: "127.0.0.1".into(), authority: "127.0.0.1:8080".into() });
        assert_eq!(config.mail_domain(), "localhost");
        config.base_url = "https://letters.example".into();
        assert_eq!(config.mail_domain(), "letters.example");
    }
}
