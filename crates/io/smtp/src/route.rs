//! Where mail is handed over: a relay, written as a URL.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;
use rustls::ClientConfig;
use url::{Host, Url};

use crate::tls::{self, TlsError};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// `smtp://`: not at all, for relays on this machine or a private network. Port 25.
    Plain,
    /// `smtp+starttls://`: from the STARTTLS command on, and never without. Port 587.
    StartTls,
    /// `smtps://`: from the first byte on (RFC 8314). Port 465.
    Tls,
}

/// A name and password for AUTH; the password is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name, percent-decoded.
    pub user: String,
    /// The password, percent-decoded.
    pub password: String,
}

/// A relay: `smtp://user:password@host:port?ehlo=NAME&ca=FILE`.
///
/// Printing a route shows everything but the password.
#[derive(Clone)]
pub struct Route {
    /// How the connection is protected.
    pub security: Security,
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What to sign in with.
    pub credentials: Option<Credentials>,
    /// Our name in EHLO, where this relay wants another one than the instance's.
    pub ehlo: Option<String>,
    /// A PEM file of certificates to trust besides the system's roots.
    pub ca: Option<PathBuf>,
    /// Reading the system's roots takes tens of milliseconds: once a route.
    tls: Arc<OnceLock<Arc<ClientConfig>>>,
}

/// Why a text is not a route. No variant holds the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// Not a URL at all.
    #[error("the relay is not a URL such as smtp://mail.example.org:25 ({0})")]
    NotAUrl(url::ParseError),
    /// Another kind of URL.
    #[error("the relay's URL begins with {0:?}, it must begin with smtp://, smtps:// or smtp+starttls://")]
    Scheme(String),
    /// `smtp://` or `smtp://:25`.
    #[error("the relay's URL names no host")]
    NoHost,
    /// Only one of the two.
    #[error("the relay's URL has a user name or a password, but not both")]
    HalfCredentials,
    /// Percent-encoding that is not UTF-8, or control characters in it.
    #[error("the {0} in the relay's URL is not text once percent-decoded")]
    NotText(&'static str),
    /// Something after the host.
    #[error(
        "the relay's URL has a path or a fragment after the host; a /, ? or # in a password is written %2F, %3F or %23"
    )]
    Rest,
    /// `?other=`.
    #[error("the relay's URL has the option {0:?}; the known ones are ehlo and ca")]
    Option(String),
    /// Empty, or not a host name.
    #[error("the option {0} in the relay's URL has no usable value")]
    OptionValue(&'static str),
}

impl Route {
    /// A relay without protection, for loopback and private networks.
    pub fn plain(host: impl Into<String>, port: u16) -> Self {
        Self {
            security: Security::Plain,
            host: host.into(),
            port,
            credentials: None,
            ehlo: None,
            ca: None,
            tls: Arc::default(),
        }
    }

    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        let url = Url::parse(text.trim()).map_err(RouteError::NotAUrl)?;
        let (security, default_port) = match url.scheme() {
            "smtp" => (Security::Plain, 25),
            "smtps" => (Security::Tls, 465),
            "smtp+starttls" => (Security::StartTls, 587),
            other => return Err(RouteError::Scheme(other.to_owned())),
        };
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => decoded(name, "host")?,
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(RouteError::NoHost),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(RouteError::Rest);
        }
        let credentials = match (url.username(), url.password().unwrap_or_default()) {
            ("", "") => None,
            ("", _) | (_, "") => return Err(RouteError::HalfCredentials),
            (user, password) => Some(Credentials {
                user: decoded(user, "user name")?,
                password: decoded(password, "password")?,
            }),
        };
        let mut route =
            Self { security, credentials, ..Self::plain(host, url.port().unwrap_or(default_port)) };
        for (key, value) in url.query_pairs() {
            match &*key {
                "ehlo" if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    return Err(RouteError::OptionValue("ehlo"));
                }
                "ehlo" => route.ehlo = Some(value.into_owned()),
                "ca" if value.is_empty() => return Err(RouteError::OptionValue("ca")),
                "ca" => route.ca = Some(PathBuf::from(&*value)),
                other => return Err(RouteError::Option(other.to_owned())),
            }
        }
        Ok(route)
    }

    /// The TLS settings, read on first use and shared by the clones of this route.
    pub(crate) async fn client_config(&self) -> Result<Arc<ClientConfig>, TlsError> {
        if let Some(config) = self.tls.get() {
            return Ok(config.clone());
        }
        let ca = self.ca.clone();
        let read = tokio::task::spawn_blocking(move || tls::client_config(ca.as_deref())).await;
        // The task only fails when the runtime is shutting down.
        let config = read.map_err(|_| TlsError::NoRoots)??;
        Ok(self.tls.get_or_init(|| config).clone())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.security {
            Security::Plain => "smtp://",
            Security::StartTls => "smtp+starttls://",
            Security::Tls => "smtps://",
        })?;
        if let Some(credentials) = &self.credentials {
            write!(f, "{}@", credentials.user)?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Route({self})")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A password may hold any character but control ones, which no AUTH mechanism of ours can carry (RFC 4616 2).
fn decoded(text: &str, what: &'static str) -> Result<String, RouteError> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| RouteError::NotText(what))?;
    if text.chars().any(char::is_control) {
        return Err(RouteError::NotText(what));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_schemes_have_their_ports_and_everything_can_be_said() {
        let check = |text: &str, shown: &str| {
            assert_eq!(Route::parse(text).map(|route| route.to_string()), Ok(shown.to_owned()), "{text}");
        };
        check("smtp://127.0.0.1", "smtp://127.0.0.1:25");
        check("smtps://mail.example.org/", "smtps://mail.example.org:465");
        check("smtp+starttls://mail.example.org", "smtp+starttls://mail.example.org:587");
        check("smtp://[::1]:2525", "smtp://[::1]:2525");
        check(
            "smtps://user%40example.org:s%2Fecret@mail.example.org:1465",
            "smtps://user@example.org@mail.example.org:1465",
        );
        let route = Route::parse(
            "smtps://me%40x.org:a%3Ab%2F%C3%A9@[2001:db8::1]?ehlo=letter.example&ca=%2Fetc%2Fca.pem",
        )
        .unwrap();
        assert_eq!((route.host.as_str(), route.port), ("2001:db8::1", 465));
        let credentials = route.credentials.clone().unwrap();
        assert_eq!((credentials.user.as_str(), credentials.password.as_str()), ("me@x.org", "a:b/é"));
        assert_eq!(route.ehlo.as_deref(), Some("letter.example"));
        assert_eq!(route.ca.as_deref(), Some(std::path::Path::new("/etc/ca.pem")));
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        let check =
            |text: &str, error: RouteError| assert_eq!(Route::parse(text).unwrap_err(), error, "{text}");
        check("mail.example.org", RouteError::NotAUrl(url::ParseError::RelativeUrlWithoutBase));
        check("http://mail.example.org", RouteError::Scheme("http".into()));
        check("smtp:mail.example.org", RouteError::NoHost);
        check("smtp://", RouteError::NoHost);
        check("smtp://user@mail.example.org", RouteError::HalfCredentials);
        check("smtp://:pass@mail.example.org", RouteError::HalfCredentials);
        check("smtp://u:p@mail.example.org/inbox", RouteError::Rest);
        check("smtp://u:%ff@mail.example.org", RouteError::NotText("password"));
        check("smtp://u:%0d%0aQUIT@mail.example.org", RouteError::NotText("password"));
        check("smtp://mail.example.org?ehlo=a%20b", RouteError::OptionValue("ehlo"));
        check("smtp://mail.example.org?verify=no", RouteError::Option("verify".into()));
    }

    #[test]
    fn the_password_is_in_no_text_about_the_route() {
        let route = Route::parse("smtps://author:hunter2@mail.example.org").unwrap();
        let shown = format!("{route} {route:?} {:?}", route.credentials);
        assert!(shown.contains("author") && !shown.contains("hunter2"), "{shown}");
        for text in [
            "ftp://a:hunter2@b",
            "smtp://a:hunter2@b/x",
            "a:hunter2@b",
            "smtp://a:hunter2@b:99999",
            "smtp://a:hunter2@",
        ] {
            let error = Route::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
