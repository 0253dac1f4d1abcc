//! A connection that stays at one moment.

use deadpool_postgres::{Object, Pool};

use super::{failure, run};
use crate::{Row, Statement, StoreError};

pub(crate) struct Frozen {
    client: Object,
    /// Holds this connection and no other: both end together, and the transaction with them.
    _apart: Pool,
}

impl Frozen {
    pub(super) async fn begin(client: Object, apart: Pool) -> Result<Self, StoreError> {
        client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .await
            .map_err(|error| failure("store.snapshot", &error))?;
        Ok(Frozen { client, _apart: apart })
    }

    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        Ok(run(&self.client, &statement).await?.rows)
    }
}
