//! What all pages know about the instance.

use std::net::IpAddr;

/// Where the instance is reached, and what its pages show beside the work of the slices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebConfig {
    /// Scheme, host and port under which people reach it; no slash at the end.
    pub base_url: String,
    /// Whether that is https: cookies are then bound to it, and browsers told to insist on it.
    pub secure: bool,
    /// Whether the built-in mail catcher runs, and so has its place in the desk's rail.
    pub catcher: bool,
    /// Proxies in front, whose word about the client's address is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

impl WebConfig {
    /// A configuration for an address such as `https://letters.example`.
    pub fn new(base_url: &str) -> Self {
        let base_url = base_url.trim_end_matches('/').to_owned();
        WebConfig {
            secure: base_url.starts_with("https://"),
            base_url,
            catcher: false,
            trusted_proxies: vec![],
        }
    }

    /// The full address of a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Host, and port when it is not the scheme's own: what a browser sends as `Host`.
    pub fn authority(&self) -> &str {
        let rest = self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }
}

impl Default for WebConfig {
    fn default() -> Self {
        WebConfig::new("http://127.0.0.1:7878")
    }
}
