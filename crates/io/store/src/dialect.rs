//! Where the two engines differ. Nothing else in the program may branch on the engine.
//!
//! 1. Placeholders: `?N` on SQLite, `$N` on PostgreSQL.
//! 2. A list as one parameter (JSON array text): `{list_int:?1}`, `{list_text:?1}`, `{list_json:?1}`, each a table
//!    with a column `value`; the items of a `list_json` are read with `value ->> 'key'`.
//! 3. `{skip_locked}`: a claim that does not wait for another's; one writer needs no such thing.
//! 4. `{random}`: a number to shuffle by.
//! 5. Kinds of columns, in the paired migration files.

use std::borrow::Cow;

use crate::Engine;

/// The text as an engine reads it.
pub(crate) fn translate(engine: Engine, sql: &str) -> Cow<'_, str> {
    if engine == Engine::Sqlite && !sql.contains('{') {
        return Cow::Borrowed(sql);
    }
    Cow::Owned(rewritten(engine, sql))
}

fn rewritten(engine: Engine, sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(at) = rest.find(['{', '?', '\'']) {
        out.push_str(&rest[..at]);
        let (taken, written) = match rest.as_bytes()[at] {
            // What stands in quotes is a value, not a token.
            b'\'' => {
                let end = rest[at + 1..].find('\'').map_or(rest.len(), |end| at + end + 2);
                (end - at, rest[at..end].to_owned())
            }
            b'?' => (1, placeholder(engine).to_owned()),
            _ => match rest[at..].find('}') {
                Some(end) => (end + 1, token(engine, &rest[at + 1..at + end])),
                None => (1, "{".to_owned()),
            },
        };
        out.push_str(&written);
        rest = &rest[at + taken..];
    }
    out.push_str(rest);
    out
}

const fn placeholder(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "?",
        Engine::Postgres => "$",
    }
}

fn token(engine: Engine, token: &str) -> String {
    let (name, argument) = token.split_once(':').unwrap_or((token, ""));
    let argument = argument.replace('?', placeholder(engine));
    let json = format!("json_array_elements_text(CAST(CAST({argument} AS TEXT) AS json))");
    match (name, engine) {
        ("list_int" | "list_text" | "list_json", Engine::Sqlite) => format!("json_each({argument})"),
        ("list_int", Engine::Postgres) => {
            format!("(SELECT CAST(value AS BIGINT) AS value FROM {json}) AS list")
        }
        ("list_text", Engine::Postgres) => format!("{json} AS list"),
        ("list_json", Engine::Postgres) => {
            format!("json_array_elements(CAST(CAST({argument} AS TEXT) AS json)) AS list")
        }
        ("skip_locked", Engine::Sqlite) => String::new(),
        ("skip_locked", Engine::Postgres) => "FOR UPDATE SKIP LOCKED".to_owned(),
        ("random", Engine::Sqlite | Engine::Postgres) => "random()".to_owned(),
        // Left as it stands, so that the engine's own complaint names it.
        _ => format!("{{{token}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_serves_both_engines() {
        for (text, sqlite, postgres) in [
            ("SELECT ?2, ?1", "SELECT ?2, ?1", "SELECT $2, $1"),
            ("SELECT '?1 {x}' || ?1", "SELECT '?1 {x}' || ?1", "SELECT '?1 {x}' || $1"),
            (
                "SELECT value FROM {list_text:?3} {skip_locked}",
                "SELECT value FROM json_each(?3) ",
                "SELECT value FROM json_array_elements_text(CAST(CAST($3 AS TEXT) AS json)) AS list FOR UPDATE SKIP LOCKED",
            ),
            ("SELECT 'it''s ?1', ?1", "SELECT 'it''s ?1', ?1", "SELECT 'it''s ?1', $1"),
        ] {
            assert_eq!(translate(Engine::Sqlite, text), sqlite);
            assert_eq!(translate(Engine::Postgres, text), postgres);
        }
    }
}
