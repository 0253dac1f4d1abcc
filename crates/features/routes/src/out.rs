//! Where a route leads: to a relay, or straight to the mail servers of the readers.

use std::fmt;

/// What a route's URL says.
#[derive(Clone, Debug)]
pub enum Out {
    /// Everything to one relay.
    Relay(smtp::Route),
    /// To whoever takes mail for each reader's domain.
    Direct(Direct),
}

/// `direct:?ehlo=NAME&port=PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Direct {
    /// Our name in EHLO, which has to be this machine's in the DNS; the instance's mail domain when absent.
    pub ehlo: Option<String>,
    /// 25, but for tests.
    pub port: u16,
}

/// Why a text leads nowhere. No variant holds a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutError {
    /// Not a relay either.
    #[error(transparent)]
    Relay(#[from] smtp::RouteError),
    /// Something between `direct:` and `?`.
    #[error(
        "direct: leads to the mail servers of the readers, there is no host to name: write direct: alone"
    )]
    Rest,
    /// `?other=`.
    #[error("direct: has the option {0:?}; the known ones are ehlo and port")]
    Option(String),
    /// Empty, or not what it should be.
    #[error("the option {0} of direct: has no usable value")]
    OptionValue(&'static str),
}

impl Out {
    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, OutError> {
        match text.trim().strip_prefix("direct:") {
            Some(rest) => Direct::parse(rest).map(Out::Direct),
            None => Ok(Out::Relay(smtp::Route::parse(text)?)),
        }
    }

    /// Whether it leads to the readers' own mail servers.
    pub const fn is_direct(&self) -> bool {
        matches!(self, Out::Direct(_))
    }
}

impl Direct {
    fn parse(rest: &str) -> Result<Self, OutError> {
        let mut direct = Direct { ehlo: None, port: 25 };
        let options = match rest.trim_end_matches('/').strip_prefix('?') {
            Some(options) => options,
            None if rest.trim_end_matches('/').is_empty() => return Ok(direct),
            None => return Err(OutError::Rest),
        };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=').unwrap_or((option, "")) {
                ("ehlo", name) => {
                    let fit = wire::Address::parse(&format!("postmaster@{name}"))
                        .map_err(|_| OutError::OptionValue("ehlo"))?;
                    direct.ehlo = Some(fit.domain().to_owned());
                }
                ("port", port) => {
                    let port = port.parse().ok().filter(|port| *port > 0);
                    direct.port = port.ok_or(OutError::OptionValue("port"))?;
                }
                (other, _) => return Err(OutError::Option(other.to_owned())),
            }
        }
        Ok(direct)
    }
}

impl fmt::Display for Out {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Out::Relay(route) => route.fmt(f),
            Out::Direct(_) => f.write_str("direct:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_relay_or_leads_straight_to_the_readers() {
        let direct = |text: &str| match Out::parse(text) {
            Ok(Out::Direct(direct)) => Ok((direct.ehlo, direct.port)),
            Ok(Out::Relay(route)) => panic!("{route}"),
            Err(error) => Err(error),
        };
        assert_eq!(direct("direct:"), Ok((None, 25)));
        assert_eq!(
            direct("direct:?ehlo=mail.letters.example&port=2525"),
            Ok((Some("mail.letters.example".to_owned()), 2525))
        );
        assert_eq!(direct("direct:mail.example"), Err(OutError::Rest));
        assert_eq!(direct("direct://mail.example"), Err(OutError::Rest));
        assert_eq!(direct("direct:?port=0"), Err(OutError::OptionValue("port")));
        assert_eq!(direct("direct:?port=x"), Err(OutError::OptionValue("port")));
        assert_eq!(direct("direct:?ehlo=a b"), Err(OutError::OptionValue("ehlo")));
        assert_eq!(direct("direct:?helo=a"), Err(OutError::Option("helo".to_owned())));
        assert!(matches!(direct("http://a"), Err(OutError::Relay(_))));
        let relay = Out::parse("smtps://ada:hunter2@relay.example").unwrap_or_else(|error| panic!("{error}"));
        assert!(!relay.is_direct() && !relay.to_string().contains("hunter2"), "{relay}");
    }
}
