//! PostgreSQL 15 or newer, through a pool.

mod frozen;
mod value;

use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::future::{join_all, try_join_all};
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

pub(crate) use frozen::Frozen;

use crate::store::{returns_rows, without_password};
use crate::{Engine, Outcome, Query, Row, Statement, StoreError, Value, dialect, migrate, plan, trace};

/// Connections of one process; a server allows 100 by default, for all.
const CONNECTIONS: usize = 12;
/// How long a server may be silent while the network owes us an answer.
const SILENT: Duration = Duration::from_secs(30);
/// 15 brought what our claims rely on.
const NEEDED: i64 = 150_000;
/// One program migrates, the others wait: "soucoupe" as a number.
const MIGRATION_LOCK: i64 = 0x736f_7563_6f75_7065;

pub(crate) struct Postgres {
    config: tokio_postgres::Config,
    pool: Pool,
    place: String,
}

fn pool(config: &tokio_postgres::Config, connections: usize) -> Result<Pool, deadpool_postgres::BuildError> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config.clone(), NoTls, recycling);
    Pool::builder(manager).max_size(connections).build()
}

impl Postgres {
    pub(crate) async fn open(address: &str) -> Result<Self, StoreError> {
        let place = without_password(address);
        let cannot = |why: String| StoreError::Open { place: place.clone(), why };
        let mut config = tokio_postgres::Config::from_str(address)
            .map_err(|_| StoreError::Address(without_password(address)))?;
        config.application_name("soucoupe");
        patient(&mut config);
        let pool = pool(&config, CONNECTIONS).map_err(|error| cannot(error.to_string()))?;
        let postgres = Postgres { config, pool, place: place.clone() };
        postgres.check_version().await?;
        postgres.migrate().await?;
        Ok(postgres)
    }

    async fn client(&self) -> Result<Object, StoreError> {
        self.pool
            .get()
            .await
            .map_err(|error| StoreError::Open { place: self.place.clone(), why: told(&error) })
    }

    async fn check_version(&self) -> Result<(), StoreError> {
        let client = self.client().await?;
        let row = client
            .query_one("SELECT CAST(current_setting('server_version_num') AS BIGINT)", &[])
            .await
            .map_err(|error| failure("store.version", &error))?;
        let found: i64 = row.get(0);
        if found < NEEDED {
            let why = format!("PostgreSQL {} is too old, 15 or newer is needed", found / 10_000);
            return Err(StoreError::Open { place: self.place.clone(), why });
        }
        Ok(())
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let failed = |error: tokio_postgres::Error| failure("store.migrate", &error);
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(failed)?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await.map_err(failed)?;
        transaction.batch_execute(migrate::TABLE).await.map_err(failed)?;
        let rows = transaction.query(migrate::APPLIED, &[]).await.map_err(failed)?;
        let applied: Vec<(i64, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        for migration in migrate::pending(Engine::Postgres, &applied)? {
            transaction.batch_execute(migration.postgres).await.map_err(failed)?;
            let record = dialect::translate(Engine::Postgres, migrate::RECORD);
            let checksum = migration.checksum(Engine::Postgres);
            let values: [&(dyn ToSql + Sync); 4] =
                [&migration.number, &migration.name, &checksum, &migrate::now()];
            transaction.execute(record.as_ref(), &values).await.map_err(failed)?;
            tracing::info!(number = migration.number, name = migration.name, "schema brought up to date");
        }
        transaction.commit().await.map_err(failed)
    }

    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        trace::ran(Engine::Postgres, statement.name);
        let client = self.client().await?;
        Ok(run(&client, &statement).await?.rows)
    }

    /// A view of this moment.
    pub(crate) async fn freeze(&self) -> Result<Frozen, StoreError> {
        let cannot = |why: String| StoreError::Open { place: self.place.clone(), why };
        let apart = pool(&self.config, 1).map_err(|error| cannot(error.to_string()))?;
        let client = apart.get().await.map_err(|error| cannot(told(&error)))?;
        Frozen::begin(client, apart).await
    }

    pub(crate) async fn transaction(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        for statement in &statements {
            trace::ran(Engine::Postgres, statement.name);
        }
        let mut client = self.client().await?;
        if let [only] = statements.as_slice()
            && only.expected.is_none()
        {
            return Ok(vec![run(&client, only).await?]);
        }
        let failed = |error: tokio_postgres::Error| failure("store.commit", &error);
        let transaction = client.transaction().await.map_err(failed)?;
        let mut outcomes = Vec::with_capacity(statements.len());
        // First all are prepared: one that has to wait for that would be overtaken by those after it.
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in &statements {
            prepared.push(prepare(&transaction, statement).await?);
        }
        // Then all are on their way before the first answer comes back, in their order, which the server keeps.
        let work = statements.iter().zip(&prepared);
        let answers = join_all(work.map(|(statement, text)| answer(&transaction, text, statement))).await;
        for (statement, answer) in statements.iter().zip(answers) {
            let outcome = answer?;
            if let Some(expected) = statement.expected
                && expected != outcome.affected
            {
                return Err(StoreError::Unexpected {
                    query: statement.name,
                    expected,
                    got: outcome.affected,
                });
            }
            outcomes.push(outcome);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(outcomes)
    }

    pub(crate) async fn write_many(&self, query: Query, sets: Vec<Vec<Value>>) -> Result<u64, StoreError> {
        trace::ran(Engine::Postgres, query.name);
        let failed = |error: tokio_postgres::Error| failure(query.name, &error);
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(failed)?;
        let sql = dialect::translate(Engine::Postgres, query.sql);
        let prepared = transaction.prepare_cached(&sql).await.map_err(failed)?;
        let mut affected = 0;
        for some in sets.chunks(500) {
            let work = some.iter().map(|params| {
                let (transaction, prepared) = (&transaction, &prepared);
                async move { transaction.execute_raw(prepared, params.iter()).await }
            });
            affected += try_join_all(work).await.map_err(failed)?.iter().sum::<u64>();
        }
        transaction.commit().await.map_err(failed)?;
        Ok(affected)
    }

    pub(crate) async fn faults(&self) -> Result<Vec<String>, StoreError> {
        let client = self.client().await?;
        let row = client
            .query_one("SELECT current_setting('fsync'), current_setting('full_page_writes')", &[])
            .await
            .map_err(|error| failure("store.faults", &error))?;
        let mut faults = Vec::new();
        for (column, name) in [(0, "fsync"), (1, "full_page_writes")] {
            if row.get::<_, String>(column) == "off" {
                faults.push(format!("PostgreSQL runs with {name} = off: a power cut may lose or break data"));
            }
        }
        Ok(faults)
    }

    pub(crate) async fn take_stock(&self) -> Result<(), StoreError> {
        let client = self.client().await?;
        client.batch_execute("ANALYZE").await.map_err(|error| failure("store.take_stock", &error))
    }

    pub(crate) async fn full_scans(&self, statement: Statement) -> Result<Vec<String>, StoreError> {
        let mut client = self.client().await?;
        let failed = |error: tokio_postgres::Error| failure("store.plan", &error);
        let transaction = client.transaction().await.map_err(failed)?;
        // Small tables are scanned whatever the indexes; without scans as a choice, one shows only where it must.
        transaction.batch_execute("SET LOCAL enable_seqscan = off").await.map_err(failed)?;
        let explained =
            Statement { sql: format!("EXPLAIN {}", statement.sql).into(), expected: None, ..statement };
        let outcome = run(&transaction, &explained).await?;
        let lines: Vec<String> = outcome.rows.iter().filter_map(|row| row.text(0).ok()).collect();
        Ok(plan::postgres_scans(&lines))
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// A server that vanished without a word is noticed within half a minute, unless the address says otherwise.
fn patient(config: &mut tokio_postgres::Config) {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(SILENT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENT);
    }
    if config.get_keepalives_idle() > SILENT {
        config.keepalives_idle(SILENT).keepalives_interval(SILENT / 6).keepalives_retries(3);
    }
}

/// `name` was checked by the caller: a database's name cannot be a parameter.
pub(crate) async fn create_database(server: &str, name: &str) -> Result<(), StoreError> {
    let failed = |error: tokio_postgres::Error| failure("store.create_database", &error);
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.map_err(failed)?;
    let driver = tokio::spawn(connection);
    let created = client.batch_execute(&format!("CREATE DATABASE {name}")).await.map_err(failed);
    drop(client);
    // The driver ends with the client; how is of no interest once the answer is in.
    let _ = driver.await;
    created
}

/// A connection or a transaction on one; both prepare once and keep it.
async fn run(
    client: &impl deadpool_postgres::GenericClient,
    statement: &Statement,
) -> Result<Outcome, StoreError> {
    let prepared = prepare(client, statement).await?;
    answer(client, &prepared, statement).await
}

async fn prepare(
    client: &impl deadpool_postgres::GenericClient,
    statement: &Statement,
) -> Result<tokio_postgres::Statement, StoreError> {
    let sql = dialect::translate(Engine::Postgres, &statement.sql);
    client.prepare_cached(&sql).await.map_err(|error| failure(statement.name, &error))
}

async fn answer(
    client: &impl deadpool_postgres::GenericClient,
    prepared: &tokio_postgres::Statement,
    statement: &Statement,
) -> Result<Outcome, StoreError> {
    let failed = |error: tokio_postgres::Error| failure(statement.name, &error);
    let params: Vec<&(dyn ToSql + Sync)> =
        statement.params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    if !returns_rows(&statement.sql) {
        let affected = client.execute(prepared, &params).await.map_err(failed)?;
        return Ok(Outcome { rows: Vec::new(), affected });
    }
    let answer = client.query(prepared, &params).await.map_err(failed)?;
    let rows: Vec<Row> = answer.iter().map(value::row).collect::<Result<_, _>>().map_err(failed)?;
    let affected = rows.len() as u64;
    Ok(Outcome { rows, affected })
}

fn failure(query: &'static str, error: &tokio_postgres::Error) -> StoreError {
    let why = told(error);
    if error.code() == Some(&SqlState::UNIQUE_VIOLATION) {
        StoreError::Taken { query, why }
    } else {
        StoreError::Query { query, engine: Engine::Postgres, why }
    }
}

/// The whole chain: tokio-postgres says "db error" and keeps the reason below.
fn told(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        next = cause.source();
    }
    words
}
