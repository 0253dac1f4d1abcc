//! What tests stand on: an instance on each of the two engines, with a clock that stands still.
//!
//! A test hands [`on_both`] one story; it is told once on SQLite and once on PostgreSQL, and both must end alike.
//! PostgreSQL is the one named by `SOUCOUPE_TEST_POSTGRES`, which `cargo xtask test` starts and
//! `cargo xtask services` keeps for a while.

mod names;

use std::fmt::Debug;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use instance::{Clock, Config, Instance};
use jiff::Timestamp;
use store::{Query, Statement, Store, Value};
use tempfile::TempDir;

pub use names::Names;

/// Names the PostgreSQL server that tests may fill with databases.
pub const POSTGRES: &str = "SOUCOUPE_TEST_POSTGRES";

/// The moment at which tests begin: 2026-11-23T08:30:00Z.
pub const MORNING: i64 = 1_795_422_600_000_000;

/// Address of the server that tests may fill; a test that needs it fails with what is missing.
pub fn postgres_server() -> String {
    match std::env::var(POSTGRES) {
        Ok(address) => address,
        Err(_) => panic!(
            "{POSTGRES} is not set: run `cargo xtask test`, or `cargo xtask services` and what it prints"
        ),
    }
}

/// Address of a new, empty database on the server of [`postgres_server`].
pub async fn postgres_database() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let server = postgres_server();
    let (base, _) = server.rsplit_once('/').unwrap_or((&server, ""));
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let moment =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |age| age.as_nanos());
    let name = format!("test_{}_{number}_{}", std::process::id(), moment % 1_000_000_000);
    store::create_database(&server, &name).await.expect("PostgreSQL makes a database for a test");
    format!("{base}/{name}")
}

/// A house to live in for the time of a test.
pub struct House {
    /// The instance; `house.instance.clock` stands at [`MORNING`] until it is moved.
    pub instance: Instance,
    folder: TempDir,
}

impl House {
    /// A house on SQLite.
    pub async fn on_sqlite() -> House {
        Self::open(None).await
    }

    /// A house on PostgreSQL.
    pub async fn on_postgres() -> House {
        Self::open(Some(postgres_database().await)).await
    }

    async fn open(database: Option<String>) -> House {
        let folder = tempfile::tempdir().expect("a folder for a test");
        let mut config = Config::in_folder(folder.path());
        config.base_url = "https://letters.example".into();
        if let Some(database) = database {
            config.database_url = database;
        }
        let store = Store::open(&config.database_url).await.expect("the store of a test opens");
        let morning = Timestamp::from_microsecond(MORNING).expect("a moment");
        let instance = Instance::with(store, config, Clock::standing_at(morning))
            .await
            .expect("the instance of a test opens");
        House { instance, folder }
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// A house stands until its story ends: a story that only names `house.instance` still moves all of it in.
impl Drop for House {
    fn drop(&mut self) {
        // The folder goes with its field.
    }
}

/// Tells a story on both engines and compares how it ends. Returns the ending.
pub async fn on_both<F, Told, End>(story: F) -> End
where
    F: Fn(House) -> Told,
    Told: Future<Output = End>,
    End: Debug + PartialEq,
{
    let sqlite = story(House::on_sqlite().await).await;
    let postgres = story(House::on_postgres().await).await;
    assert_eq!(sqlite, postgres, "SQLite (left) and PostgreSQL (right) end differently");
    sqlite
}

/// Fails when a query would read one of the large tables from end to end on either engine.
pub async fn assert_no_full_scan(query: Query, params: Vec<Value>, large: &[&str]) {
    let statement = query.with(params);
    assert_statement_scans_none(&statement, query.name, large).await;
}

async fn assert_statement_scans_none(statement: &Statement, name: &str, large: &[&str]) {
    for house in [House::on_sqlite().await, House::on_postgres().await] {
        let scans =
            house.instance.store.full_scans(statement.clone()).await.expect("the engine explains itself");
        let found: Vec<_> = scans.iter().filter(|table| large.contains(&table.as_str())).collect();
        assert!(
            found.is_empty(),
            "{name} reads {found:?} from end to end on {}",
            house.instance.store.engine()
        );
    }
}
