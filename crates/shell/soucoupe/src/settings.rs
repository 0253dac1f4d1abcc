//! The configuration: soucoupe.toml, then SOUCOUPE_ variables, then flags; the later wins.
//!
//! `docs/configuration.md` lists every key. What cannot be used is refused with the place where it stands.

mod file;
mod routes;
mod webhooks;

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;

use instance::Config;

use crate::args::Globals;
use crate::failure::Failure;
use file::File;

/// A configuration, checked, and what only the program needs of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the slices see.
    pub config: Config,
    /// Where the built-in mail catcher listens, where it is wanted.
    pub catcher: Option<SocketAddr>,
    /// What goes to the log.
    pub log: Option<String>,
}

/// A value and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    text: String,
    place: String,
}

impl Given {
    /// Reads the value; what is wrong with it is said with its place.
    fn read<T, E: Display>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, Failure> {
        read(self.text.trim()).map_err(|error| Failure::input(format!("{}: {error}", self.place)))
    }
}

/// Reads the configuration of this run.
pub fn read(globals: &Globals) -> Result<Settings, Failure> {
    let file = File::find(globals.config.as_deref())?;
    build(globals, &file, |name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn build(
    globals: &Globals,
    file: &File,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Settings, Failure> {
    let given = |key: &str, flag: Option<&String>| {
        let name = format!("SOUCOUPE_{}", key.to_uppercase());
        let by_flag =
            flag.map(|text| Given { text: text.clone(), place: format!("--{}", key.replace('_', "-")) });
        by_flag
            .or_else(|| variable(&name).map(|text| Given { text, place: name.clone() }))
            .or_else(|| file.given(key))
    };
    let data = match given("data", globals.data.as_ref()) {
        Some(data) => data.read(path)?,
        None => PathBuf::from("soucoupe-data"),
    };
    let mut config = Config::in_folder(data);
    if let Some(listen) = given("listen", globals.listen.as_ref()) {
        config.listen = listen.read(address)?;
    }
    config.base_url = match given("base_url", globals.base_url.as_ref()) {
        Some(url) => url.read(Config::read_base_url)?,
        None => own_url(config.listen),
    };
    if let Some(url) = given("database_url", globals.database_url.as_ref()) {
        config.database_url = url.read(database)?;
    }
    let catcher = given("catcher", None).map(|given| given.read(loopback)).transpose()?;
    config.catcher = catcher.is_some();
    config.smtp_url = match given("smtp_url", globals.smtp_url.as_ref()) {
        Some(url) => Some(url.read(relay)?),
        None => catcher.map(|address| format!("smtp://{address}")),
    };
    if let Some(number) = given("smtp_connections", None) {
        config.smtp_connections = number.read(|text| whole(text, 1, 1_000))?;
    }
    config.rate =
        given("rate", None).map(|number| number.read(|text| whole(text, 1, 1_000_000))).transpose()?;
    config.routes = routes::read(file.tables("route"))?;
    if let (Some(route), Some(_), None) =
        (file.tables("route").first(), catcher, given("smtp_url", globals.smtp_url.as_ref()))
    {
        let why = "the mail catcher is there so that nothing leaves: take the routes away, or the catcher";
        return Err(Failure::input(format!("{}: {why}", route.place)));
    }
    config.bounce_domain = given("bounce_domain", None).map(|name| name.read(domain)).transpose()?;
    config.returns.listen = given("returns_listen", None).map(|given| given.read(address)).transpose()?;
    config.returns.imap = given("returns_imap", None).map(|given| given.read(mailbox)).transpose()?;
    let certificate = given("returns_certificate", None);
    let key = given("returns_key", None);
    config.returns.certificate = match (&certificate, &key) {
        (Some(certificate), Some(key)) => Some((certificate.read(file_name)?, key.read(file_name)?)),
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            let why = "returns_certificate and returns_key belong together: both, or neither";
            return Err(Failure::input(format!("{}: {why}", one.place)));
        }
    };
    config.returns.webhooks = webhooks::read(file.tables("webhooks"), &variable)?;
    config.dns = given("dns", None).map(|given| given.read(name_server)).transpose()?;
    config.spam_checker = given("spam_checker", None).map(|given| given.read(spam_checker)).transpose()?;
    if let Some(proxies) = given("trusted_proxies", None) {
        config.trusted_proxies = proxies.read(addresses)?;
    }
    let log = given("log", globals.log.as_ref()).map(|given| given.text);
    Ok(Settings { config, catcher, log })
}

/// The address of an instance that nobody has named yet.
pub fn own_url(listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("the name of the folder is empty".to_owned()) } else { Ok(PathBuf::from(text)) }
}

fn file_name(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("the name of the file is empty".to_owned()) } else { Ok(PathBuf::from(text)) }
}

/// Reads an address and port.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is no address and port: write 127.0.0.1:8080 or [::]:80"))
}

/// The catcher takes everything from everyone: nobody else may reach it.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = address(text)?;
    if address.ip().is_loopback() && address.port() != 0 {
        Ok(address)
    } else {
        Err(format!(
            "the mail catcher takes anything, so only from this machine: write 127.0.0.1:2525, not {text:?}"
        ))
    }
}

fn database(text: &str) -> Result<String, store::StoreError> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|start| text.starts_with(start));
    if known { Ok(text.to_owned()) } else { Err(store::StoreError::Address(shown(text))) }
}

/// An address without what stands before its `@`: there may be a password in it.
fn shown(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(at)) if start + 3 <= at => format!("{}…{}", &url[..start + 3], &url[at..]),
        _ => url.to_owned(),
    }
}

/// A relay, or `direct:`.
fn relay(text: &str) -> Result<String, ::routes::OutError> {
    ::routes::Out::parse(text).map(|_| text.to_owned())
}

fn mailbox(text: &str) -> Result<String, imap::MailboxError> {
    imap::Mailbox::parse(text).map(|_| text.to_owned())
}

fn domain(text: &str) -> Result<String, String> {
    wire::Address::parse(&format!("postmaster@{text}"))
        .map(|address| address.domain().to_owned())
        .map_err(|error| format!("{text:?} is no domain: {error}"))
}

fn addresses(text: &str) -> Result<Vec<std::net::IpAddr>, String> {
    let read = |part: &str| part.parse().map_err(|_| format!("{part:?} is no address such as 10.0.0.1"));
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(read).collect()
}

/// A name server: its address, with a port where that is not the usual one.
fn name_server(text: &str) -> Result<SocketAddr, String> {
    let usual = |ip| SocketAddr::new(ip, 53);
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse()
        .map(usual)
        .or_else(|_| text.parse())
        .map_err(|_| format!("{text:?} is no address of a name server: write 127.0.0.53 or 127.0.0.1:5353"))
}

fn spam_checker(text: &str) -> Result<String, String> {
    doctor::SpamChecker::parse(text).map(|_| text.to_owned())
}

fn whole<T: TryFrom<i64>>(text: &str, least: i64, most: i64) -> Result<T, String> {
    let number = text.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("{text:?} is no whole number from {least} to {most}"))
}

#[cfg(test)]
mod tests;
