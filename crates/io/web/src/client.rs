//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::WebConfig;

/// The address of whoever sent the request, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The peer of the connection, or what a trusted proxy says of it; unknown in tests without a socket.
    pub address: Option<IpAddr>,
}

impl Client {
    /// The address without its personal end, as it is kept with a consent: a /24 of IPv4, a /48 of IPv6.
    pub fn truncated(&self) -> Option<String> {
        match self.address?.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Some(format!("{a}.{b}.{c}.0/24"))
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                Some(format!("{a:x}:{b:x}:{c:x}::/48"))
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let config = parts.extensions.get::<Arc<WebConfig>>();
        let trusted =
            |address: &IpAddr| config.is_some_and(|config| config.trusted_proxies.contains(address));
        let address = match peer {
            // The list grows at its right end; the first address from there that is no proxy of ours is the client.
            Some(peer) if trusted(&peer) => parts
                .headers
                .get_all("x-forwarded-for")
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .map(|part| part.trim().parse::<IpAddr>().ok())
                .rev()
                .find(|hop| hop.is_none_or(|hop| !trusted(&hop)))
                .flatten()
                .or(Some(peer)),
            peer => peer,
        };
        Ok(Client { address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    async fn client(peer: &str, forwarded: Option<&str>) -> Option<String> {
        let config = WebConfig { trusted_proxies: vec!["10.0.0.1".parse().unwrap()], ..WebConfig::default() };
        let mut request = Request::builder();
        if let Some(value) = forwarded {
            request = request.header("x-forwarded-for", value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(Arc::new(config));
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let Ok(client) = Client::from_request_parts(&mut parts, &()).await;
        client.address.map(|address| address.to_string())
    }

    #[tokio::test]
    async fn only_a_trusted_proxy_is_believed() {
        for (peer, forwarded, address) in [
            ("203.0.113.9", None, "203.0.113.9"),
            ("203.0.113.9", Some("1.2.3.4"), "203.0.113.9"),
            ("10.0.0.1", Some("9.9.9.9, 1.2.3.4"), "1.2.3.4"),
            ("10.0.0.1", Some("1.2.3.4, 10.0.0.1"), "1.2.3.4"),
            ("10.0.0.1", Some("1.2.3.4, unknown"), "10.0.0.1"),
            ("10.0.0.1", None, "10.0.0.1"),
        ] {
            assert_eq!(client(peer, forwarded).await.as_deref(), Some(address), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_kept_address_does_not_name_a_person() {
        for (address, kept) in [
            ("203.0.113.9", "203.0.113.0/24"),
            ("::ffff:203.0.113.9", "203.0.113.0/24"),
            ("2001:db8:12:34::1", "2001:db8:12::/48"),
        ] {
            assert_eq!(Client { address: address.parse().ok() }.truncated().as_deref(), Some(kept));
        }
        assert_eq!(Client { address: None }.truncated(), None);
    }
}
