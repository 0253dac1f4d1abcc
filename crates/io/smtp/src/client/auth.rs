//! Signing in: AUTH PLAIN (RFC 4616) and AUTH LOGIN, which was never more than a draft and is everywhere.

use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64;
use wire::smtp::{Capabilities, Command, Reply};

use super::exchange::{Exchange, Fault};
use super::{AuthError, SendError, Stage};
use crate::route::Credentials;

/// Signs in, in one round trip where PLAIN is offered.
pub(super) async fn sign_in(
    exchange: &mut Exchange,
    capabilities: &Capabilities,
    credentials: &Credentials,
    patience: Duration,
) -> Result<(), SendError> {
    if !exchange.stream.is_encrypted() {
        let address = exchange.stream.peer_addr().map_err(|error| at(Fault::Lost(error)))?.ip();
        if !is_private(address) {
            return Err(AuthError::InClear(address).into());
        }
    }
    let Credentials { user, password } = credentials;
    let reply = if capabilities.offers_auth("PLAIN") {
        let response = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
        let command = Command::Auth { mechanism: "PLAIN", initial: Some(&response) };
        exchange.command(command, patience).await.map_err(at)?
    } else if capabilities.offers_auth("LOGIN") {
        let command = Command::Auth { mechanism: "LOGIN", initial: None };
        let mut reply = exchange.command(command, patience).await.map_err(at)?;
        for answer in [user, password] {
            if reply.code != 334 {
                break;
            }
            reply = respond(exchange, answer, patience).await.map_err(at)?;
        }
        reply
    } else {
        return Err(AuthError::NotOffered(capabilities.auth.join(" ")).into());
    };
    if reply.code == 235 { Ok(()) } else { Err(AuthError::Refused(reply).into()) }
}

async fn respond(exchange: &mut Exchange, text: &str, patience: Duration) -> Result<Reply, Fault> {
    let line = BASE64.encode(text.as_bytes()) + "\r\n";
    exchange.write([line.as_bytes(), &[], &[]], patience).await.1?;
    exchange.reply(patience).await
}

fn at(fault: Fault) -> SendError {
    fault.at(Stage::Auth, false)
}

/// Loopback, private, link-local and shared (RFC 6598, used by private overlays) addresses.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            address.is_loopback() || address.is_private() || address.is_link_local() || shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_clear_stays_on_private_networks() {
        for private in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "192.168.0.9",
            "172.20.0.2",
            "100.64.0.1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["192.0.2.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }
}
