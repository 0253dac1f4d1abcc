//! What a route is.

use instance::RouteConfig;
use store::StoreError;

use crate::out::{Out, OutError};

/// A configured way out under its number.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its number in the ledger.
    pub id: i64,
    /// As it was configured.
    pub config: RouteConfig,
    /// Where it leads.
    pub out: Out,
}

/// Why something about routes could not be done.
#[derive(Debug, thiserror::Error)]
pub enum RoutesError {
    /// A URL in the configuration.
    #[error("the route {name:?} leads nowhere: {source}")]
    Out {
        /// The route.
        name: String,
        /// What is wrong with its URL.
        source: OutError,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
