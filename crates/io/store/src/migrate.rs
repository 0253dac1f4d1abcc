//! Numbered migrations, one text an engine, applied in order in one transaction.

use crate::{Engine, Query, StoreError};

pub(crate) struct Migration {
    pub number: i64,
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "house",
        sqlite: include_str!("../migrations/0001_house.sqlite.sql"),
        postgres: include_str!("../migrations/0001_house.pg.sql"),
    },
    Migration {
        number: 2,
        name: "routes",
        sqlite: include_str!("../migrations/0002_routes.sqlite.sql"),
        postgres: include_str!("../migrations/0002_routes.pg.sql"),
    },
    Migration {
        number: 3,
        name: "returns",
        sqlite: include_str!("../migrations/0003_returns.sqlite.sql"),
        postgres: include_str!("../migrations/0003_returns.pg.sql"),
    },
    Migration {
        number: 4,
        name: "proofs",
        sqlite: include_str!("../migrations/0004_proofs.sqlite.sql"),
        postgres: include_str!("../migrations/0004_proofs.pg.sql"),
    },
];

pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)";
pub(crate) const APPLIED: &str = "SELECT number, checksum FROM schema_migrations ORDER BY number";
pub(crate) const RECORD: &str =
    "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)";
pub(crate) const NEWEST: Query =
    Query::new("store.newest_migration", "SELECT COALESCE(MAX(number), 0) FROM schema_migrations");

impl Migration {
    pub(crate) const fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    /// FNV-1a over the text: it tells an edited migration from the applied one, no more is asked of it.
    pub(crate) fn checksum(&self, engine: Engine) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.text(engine).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{hash:016x}")
    }
}

/// The migrations still to apply, or why none may be.
pub(crate) fn pending(
    engine: Engine,
    applied: &[(i64, String)],
) -> Result<Vec<&'static Migration>, StoreError> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
    let found = applied.last().map_or(0, |(number, _)| *number);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (number, checksum) in applied {
        let ours = MIGRATIONS.iter().find(|migration| migration.number == *number);
        if ours.is_none_or(|migration| migration.checksum(engine) != *checksum) {
            return Err(StoreError::Rewritten(*number));
        }
    }
    Ok(MIGRATIONS.iter().filter(|migration| migration.number > found).collect())
}

/// Microseconds since 1970, for the record of a migration only.
pub(crate) fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_or_rewritten_schema_is_refused() {
        let sound = MIGRATIONS[0].checksum(Engine::Sqlite);
        assert_eq!(pending(Engine::Sqlite, &[]).map(|all| all.len()).ok(), Some(MIGRATIONS.len()));
        assert!(
            matches!(pending(Engine::Sqlite, &[(1, sound.clone())]), Ok(all) if all.len() == MIGRATIONS.len() - 1)
        );
        assert!(matches!(pending(Engine::Sqlite, &[(1, "other".into())]), Err(StoreError::Rewritten(1))));
        assert!(matches!(
            pending(Engine::Sqlite, &[(1, sound), (900, "x".into())]),
            Err(StoreError::Newer { found: 900, .. })
        ));
    }
}
