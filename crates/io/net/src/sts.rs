//! The MTA-STS policies of domains, fetched and kept (RFC 8461 3.3 and 5.1).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use records::mta_sts::{self, POLICY_MAX, Policy};
use tokio::time::Instant;
use url::Url;

use crate::http::{HttpClient, HttpLimits};
use crate::names::Resolver;

/// RFC 8461 3.3: a fetch that failed is not tried again at once; it suggests five minutes.
const AFTER_FAILURE: Duration = Duration::from_secs(300);
/// RFC 8461 3.3: it suggests a minute for the whole fetch.
const FETCH: Duration = Duration::from_secs(60);
/// Domains that are kept; a policy is a few hundred octets.
const DOMAINS_MAX: usize = 20_000;

/// Looks up the MTA-STS policies of domains and keeps them for as long as they ask. Cloning shares the memory.
#[derive(Clone, Debug)]
pub struct StsPolicies {
    resolver: Resolver,
    client: HttpClient,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
}

#[derive(Debug, Clone)]
struct Kept {
    id: String,
    policy: Option<Arc<Policy>>,
    until: Instant,
    /// A fetch failed: not before this moment.
    again: Option<Instant>,
}

impl StsPolicies {
    /// An empty memory.
    pub fn new(resolver: Resolver, client: HttpClient) -> Self {
        let client = client.limited(HttpLimits { time: FETCH, size: POLICY_MAX });
        Self { resolver, client, kept: Arc::default() }
    }

    /// The policy that holds for mail to a domain now; none where it has none, or where it cannot be fetched and
    /// none is kept: then mail goes as to a domain without one (RFC 8461 3.3).
    pub async fn find(&self, domain: &str) -> Option<Arc<Policy>> {
        let domain = records::normal(domain);
        let now = Instant::now();
        let kept = self.lock().get(&domain).cloned();
        // A policy that is still good counts even where its record has gone (RFC 8461 5.1).
        let good = kept.as_ref().filter(|kept| kept.until > now).and_then(|kept| kept.policy.clone());
        let texts = self.resolver.txt(&mta_sts::record_name(&domain)).await.map(|answer| answer.value);
        let Ok(Some(record)) = mta_sts::only(&texts.unwrap_or_default()) else { return good };
        if let Some(kept) = &kept {
            let settled = good.is_some() || kept.again.is_some_and(|again| again > now);
            if kept.id == record.id && settled {
                return good;
            }
        }
        match self.fetch(&domain).await {
            Ok(policy) => {
                let policy = Arc::new(policy);
                let until = now + Duration::from_secs(policy.max_age);
                self.keep(domain, Kept { id: record.id, policy: Some(policy.clone()), until, again: None });
                Some(policy)
            }
            Err(why) => {
                tracing::info!(domain, why, "the MTA-STS policy of a domain could not be fetched");
                let again = Some(now + AFTER_FAILURE);
                let until = kept.filter(|_| good.is_some()).map_or(now, |kept| kept.until);
                // Under the new id, so that the failure is remembered for it.
                self.keep(domain, Kept { id: record.id, policy: good.clone(), until, again });
                good
            }
        }
    }

    async fn fetch(&self, domain: &str) -> Result<Policy, String> {
        let url = Url::parse(&mta_sts::policy_url(domain)).map_err(|error| error.to_string())?;
        let answered = self.client.get(&url).await.map_err(|error| error.to_string())?;
        // RFC 8461 3.3: nothing but 200, and no redirects.
        if answered.status != 200 {
            return Err(format!("the server answered with {}", answered.status));
        }
        let text = String::from_utf8(answered.body).map_err(|_| "the policy is not text".to_owned())?;
        mta_sts::parse_policy(&text).map_err(|error| error.to_string())
    }

    fn keep(&self, domain: String, kept: Kept) {
        let mut memory = self.lock();
        if memory.len() >= DOMAINS_MAX && !memory.contains_key(&domain) {
            let now = Instant::now();
            memory.retain(|_, kept| kept.until > now);
            if memory.len() >= DOMAINS_MAX {
                let soonest = memory.iter().min_by_key(|(_, kept)| kept.until).map(|(name, _)| name.clone());
                soonest.and_then(|name| memory.remove(&name));
            }
        }
        memory.insert(domain, kept);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
