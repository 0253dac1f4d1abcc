//! Fetching what a topic asks for: certificates, which are kept, and the address that confirms a subscription.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use policy::rate::{Bucket, Rate};
use tokio::sync::Mutex;
use url::Url;

/// Certificates kept: a service changes its own about once a year.
const KEPT: usize = 20;
/// Nobody has proved anything yet when a certificate is fetched: strangers must not make us fetch at will.
const FETCHES: Rate = Rate { burst: 20.0, per_second: 0.2 };

/// The answer of a fetch: the body, or a sentence about what went wrong.
pub type Fetched<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'a>>;

/// What fetches an address over https; `net::HttpClient` in the program.
pub trait Fetch: Send + Sync {
    /// The body behind an address, of an answer that was a success.
    fn get<'a>(&'a self, url: &'a Url) -> Fetched<'a>;
}

/// The public internet, by way of a name server or the system's.
pub fn internet(dns: Option<SocketAddr>) -> Arc<dyn Fetch> {
    match net::Resolver::new(dns) {
        Ok(resolver) => Arc::new(net::HttpClient::new(resolver)),
        Err(error) => {
            tracing::warn!(%error, "no name can be looked up: notices of SES and Scaleway cannot be checked");
            Arc::new(Unreachable(error.to_string()))
        }
    }
}

/// A machine that cannot look names up.
struct Unreachable(String);

impl Fetch for Unreachable {
    fn get<'a>(&'a self, _: &'a Url) -> Fetched<'a> {
        Box::pin(async { Err(self.0.clone()) })
    }
}

impl Fetch for net::HttpClient {
    fn get<'a>(&'a self, url: &'a Url) -> Fetched<'a> {
        Box::pin(async move {
            match net::HttpClient::get(self, url).await {
                Ok(answer) if answer.is_success() => Ok(answer.body),
                Ok(answer) => Err(format!("the server answered {}", answer.status)),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}

/// Fetches, and keeps certificates.
pub(crate) struct Fetcher {
    fetch: Arc<dyn Fetch>,
    kept: Mutex<HashMap<Url, Vec<u8>>>,
    bucket: Mutex<Option<Bucket>>,
}

impl Fetcher {
    pub(crate) fn new(fetch: Arc<dyn Fetch>) -> Self {
        Fetcher { fetch, kept: Mutex::default(), bucket: Mutex::default() }
    }

    /// A certificate, fetched once.
    pub(crate) async fn certificate(&self, url: &Url, now: i64) -> Result<Vec<u8>, String> {
        if let Some(kept) = self.kept.lock().await.get(url) {
            return Ok(kept.clone());
        }
        {
            let mut bucket = self.bucket.lock().await;
            let (left, taken) = bucket.unwrap_or_else(|| Bucket::full(FETCHES, now)).take(FETCHES, 1.0, now);
            *bucket = Some(left);
            taken.map_err(|_| "too many certificates were asked for".to_owned())?;
        }
        self.fetch.get(url).await
    }

    /// Keeps a certificate that has proved a notice; others are not worth a place.
    pub(crate) async fn keep(&self, url: Url, certificate: Vec<u8>) {
        let mut kept = self.kept.lock().await;
        if kept.len() >= KEPT && !kept.contains_key(&url) {
            kept.clear();
        }
        kept.insert(url, certificate);
    }

    /// Says yes to a topic, whose address was checked.
    pub(crate) async fn confirm(&self, url: &Url) -> Result<(), String> {
        self.fetch.get(url).await.map(|_| ())
    }
}
