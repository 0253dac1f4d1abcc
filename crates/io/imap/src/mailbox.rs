//! Which mailbox is read, written as a URL.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use smtp::{Credentials, Security};
use url::{Host, Url};

/// A mailbox: `imaps://user:password@host:port/FOLDER?ca=FILE&move=FOLDER&keyword=WORD`.
///
/// `imaps://` is encrypted from the first byte on (port 993), `imap+starttls://` from the STARTTLS command on and
/// never without (port 143), `imap://` not at all, and only for a server on this machine. Without a folder it is
/// `INBOX`. Printing a mailbox shows everything but the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// How the connection is protected.
    pub security: Security,
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What to sign in with.
    pub credentials: Credentials,
    /// The folder that is read.
    pub folder: String,
    /// A PEM file of certificates to trust besides the system's roots.
    pub ca: Option<PathBuf>,
    /// The folder into which mails go when they were taken in; it is made where it is missing.
    pub move_to: Option<String>,
    /// The mark of mails that were taken in, instead of `\Seen`: for a mailbox that a person reads as well.
    pub keyword: Option<String>,
}

/// Why a text is not a mailbox. No variant holds the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// Not a URL at all.
    #[error("the mailbox is not a URL such as imaps://user:password@mail.example.org/INBOX ({0})")]
    NotAUrl(url::ParseError),
    /// Another kind of URL.
    #[error("the mailbox's URL begins with {0:?}, it must begin with imaps:// or imap+starttls://")]
    Scheme(String),
    /// `imaps://` or `imaps://:993`.
    #[error("the mailbox's URL names no host")]
    NoHost,
    /// Nobody reads a mailbox without signing in.
    #[error("the mailbox's URL needs a user name and a password")]
    NoCredentials,
    /// `imap://` to another machine.
    #[error(
        "imap:// sends the password in clear and is only for this machine; use imaps:// or imap+starttls://"
    )]
    InClear,
    /// Percent-encoding that is not UTF-8, or control characters in it.
    #[error("the {0} in the mailbox's URL is not text once percent-decoded")]
    NotText(&'static str),
    /// Something after the folder.
    #[error("the mailbox's URL has a fragment; a # in a password or a folder is written %23")]
    Rest,
    /// `?other=`.
    #[error("the mailbox's URL has the option {0:?}; the known ones are ca, move and keyword")]
    Option(String),
    /// Empty, not a word, or the folder that is read.
    #[error("the option {0} in the mailbox's URL has no usable value")]
    OptionValue(&'static str),
}

impl Mailbox {
    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, MailboxError> {
        let url = Url::parse(text.trim()).map_err(MailboxError::NotAUrl)?;
        let (security, default_port) = match url.scheme() {
            "imap" => (Security::Plain, 143),
            "imap+starttls" => (Security::StartTls, 143),
            "imaps" => (Security::Tls, 993),
            other => return Err(MailboxError::Scheme(other.to_owned())),
        };
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => decoded(name, "host")?,
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(MailboxError::NoHost),
        };
        if security == Security::Plain && !is_this_machine(&host) {
            return Err(MailboxError::InClear);
        }
        if url.fragment().is_some() {
            return Err(MailboxError::Rest);
        }
        let credentials = match (url.username(), url.password().unwrap_or_default()) {
            ("", _) | (_, "") => return Err(MailboxError::NoCredentials),
            (user, password) => {
                Credentials { user: decoded(user, "user name")?, password: decoded(password, "password")? }
            }
        };
        let folder = match decoded(url.path().trim_start_matches('/'), "folder")? {
            none if none.is_empty() => "INBOX".to_owned(),
            folder => folder,
        };
        let port = url.port().unwrap_or(default_port);
        let mut mailbox =
            Self { security, host, port, credentials, folder, ca: None, move_to: None, keyword: None };
        for (key, value) in url.query_pairs() {
            mailbox.option(&key, &value)?;
        }
        Ok(mailbox)
    }

    fn option(&mut self, key: &str, value: &str) -> Result<(), MailboxError> {
        match key {
            "ca" if value.is_empty() => return Err(MailboxError::OptionValue("ca")),
            "ca" => self.ca = Some(PathBuf::from(value)),
            "move" if value.is_empty() || value == self.folder || value.chars().any(char::is_control) => {
                return Err(MailboxError::OptionValue("move"));
            }
            "move" => self.move_to = Some(value.to_owned()),
            "keyword" if !is_keyword(value) => return Err(MailboxError::OptionValue("keyword")),
            "keyword" => self.keyword = Some(value.to_owned()),
            other => return Err(MailboxError::Option(other.to_owned())),
        }
        Ok(())
    }

    /// Host and port, for sentences.
    pub(crate) fn server(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The mark of mails that were taken in.
    pub(crate) fn mark(&self) -> &str {
        self.keyword.as_deref().unwrap_or("\\Seen")
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.security {
            Security::Plain => "imap://",
            Security::StartTls => "imap+starttls://",
            Security::Tls => "imaps://",
        })?;
        write!(f, "{}@{}/{}", self.credentials.user, self.server(), self.folder)
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox({self})")
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// RFC 3501 9: a flag-keyword is an atom; those that begin with `$` are registered for other things.
fn is_keyword(word: &str) -> bool {
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=64).contains(&word.len()) && word.bytes().all(atom)
}

/// A password may hold any character but control ones, which neither PLAIN (RFC 4616 2) nor a quoted string carries.
fn decoded(text: &str, what: &'static str) -> Result<String, MailboxError> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| MailboxError::NotText(what))?;
    if text.chars().any(char::is_control) {
        return Err(MailboxError::NotText(what));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemes_have_their_ports_and_everything_can_be_said() {
        let check = |text: &str, shown: &str| {
            assert_eq!(
                Mailbox::parse(text).map(|mailbox| mailbox.to_string()),
                Ok(shown.to_owned()),
                "{text}"
            );
        };
        check("imaps://u:p@mail.example.org", "imaps://u@mail.example.org:993/INBOX");
        check("imaps://u:p@mail.example.org/", "imaps://u@mail.example.org:993/INBOX");
        check(
            "imap+starttls://u:p@mail.example.org/Retours",
            "imap+starttls://u@mail.example.org:143/Retours",
        );
        check("imap://u:p@127.0.0.1:1143", "imap://u@127.0.0.1:1143/INBOX");
        check("imap://u:p@[::1]", "imap://u@[::1]:143/INBOX");
        check("imap://u:p@localhost", "imap://u@localhost:143/INBOX");
        let mailbox = Mailbox::parse(
            "imaps://me%40x.org:a%3Ab%2F%C3%A9@mail.example.org:1993/Mes%20retours/2026?ca=%2Fetc%2Fca.pem\
             &move=Soucoupe&keyword=Soucoupe",
        )
        .unwrap();
        assert_eq!((mailbox.folder.as_str(), mailbox.port), ("Mes retours/2026", 1993));
        assert_eq!(
            (mailbox.credentials.user.as_str(), mailbox.credentials.password.as_str()),
            ("me@x.org", "a:b/é")
        );
        assert_eq!(mailbox.ca.as_deref(), Some(std::path::Path::new("/etc/ca.pem")));
        assert_eq!((mailbox.move_to.as_deref(), mailbox.mark()), (Some("Soucoupe"), "Soucoupe"));
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        let check =
            |text: &str, error: MailboxError| assert_eq!(Mailbox::parse(text).unwrap_err(), error, "{text}");
        check("mail.example.org", MailboxError::NotAUrl(url::ParseError::RelativeUrlWithoutBase));
        check("pop3://u:p@mail.example.org", MailboxError::Scheme("pop3".into()));
        check("imaps:mail.example.org", MailboxError::NoHost);
        check("imaps://", MailboxError::NoHost);
        check("imaps://mail.example.org", MailboxError::NoCredentials);
        check("imaps://user@mail.example.org", MailboxError::NoCredentials);
        check("imaps://:pass@mail.example.org", MailboxError::NoCredentials);
        check("imap://u:p@mail.example.org", MailboxError::InClear);
        check("imap://u:p@10.0.0.1", MailboxError::InClear);
        check("imaps://u:%ff@mail.example.org", MailboxError::NotText("password"));
        check("imaps://u:%0d%0aX@mail.example.org", MailboxError::NotText("password"));
        check("imaps://u:p@mail.example.org/a%0db", MailboxError::NotText("folder"));
        check("imaps://u:p@mail.example.org/INBOX#1", MailboxError::Rest);
        check("imaps://u:p@mail.example.org?verify=no", MailboxError::Option("verify".into()));
        check("imaps://u:p@mail.example.org?ca=", MailboxError::OptionValue("ca"));
        check("imaps://u:p@mail.example.org/A?move=A", MailboxError::OptionValue("move"));
        check("imaps://u:p@mail.example.org?move=a%0Ab", MailboxError::OptionValue("move"));
        check("imaps://u:p@mail.example.org?keyword=%5CSeen", MailboxError::OptionValue("keyword"));
    }

    #[test]
    fn the_password_is_in_no_text_about_the_mailbox() {
        let mailbox = Mailbox::parse("imaps://author:hunter2@mail.example.org").unwrap();
        let shown = format!("{mailbox} {mailbox:?}");
        assert!(shown.contains("author") && !shown.contains("hunter2"), "{shown}");
        for text in [
            "ftp://a:hunter2@b",
            "imap://a:hunter2@b",
            "imaps://a:hunter2@b/x#y",
            "a:hunter2@b",
            "imaps://a:hunter2@b:99999",
            "imaps://a:hunter2@",
            "imaps://:hunter2@b",
        ] {
            let error = Mailbox::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
