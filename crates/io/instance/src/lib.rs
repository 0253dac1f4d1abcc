//! What every slice is handed: the store, the configuration, the clock, the secrets, and who else works here.
//!
//! Guarantees: addresses that readers see are built from the configured base address only ([`Instance::url`]); keys
//! for different uses are derived from one secret and never shared between uses; randomness comes from the system.
//!
//! Not guaranteed: that the configured relay or domain works; `soucoupe doctor` looks into that.

mod clock;
mod config;
mod processes;
mod queries;
mod secrets;

use std::sync::Arc;

use jiff::Timestamp;
use store::Store;
use tokio::sync::Notify;

pub use clock::Clock;
pub use config::{Config, ConfigError, Host, ReturnsConfig, RouteConfig, Signing};
pub use processes::Process;
pub use queries::ALL as QUERIES;
pub use secrets::Secrets;

/// An instance that is open. Cheap to clone.
#[derive(Clone)]
pub struct Instance {
    /// The state.
    pub store: Store,
    /// What was configured.
    pub config: Arc<Config>,
    /// What time it is.
    pub clock: Clock,
    /// Keys.
    pub secrets: Arc<Secrets>,
    /// Rung when there may be mail to send, so that the sender need not wait for its next look.
    pub mail_waits: Arc<Notify>,
}

/// Why an instance does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The secret in the database is not one.
    #[error("the secret in the settings is damaged: restore it from a backup")]
    Secret,
}

impl Instance {
    /// Opens the database of a configuration.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let store = Store::open(&config.database_url).await?;
        Self::with(store, config, Clock::system()).await
    }

    /// An instance over a store that is open already.
    pub async fn with(store: Store, config: Config, clock: Clock) -> Result<Self, OpenError> {
        let secrets = Secrets::open(&store).await?;
        Ok(Instance {
            store,
            config: Arc::new(config),
            clock,
            secrets: Arc::new(secrets),
            mail_waits: Arc::new(Notify::new()),
        })
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The present moment in microseconds UTC, as columns hold it.
    pub fn now_us(&self) -> i64 {
        self.now().as_microsecond()
    }

    /// An address on this instance: `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.base_url)
    }

    /// Random bytes from the system.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        secrets::random()
    }
}
