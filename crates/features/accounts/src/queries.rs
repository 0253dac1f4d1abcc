//! Questions about accounts and sessions.

use store::Query;

/// Whether anybody has an account.
pub const ANY: Query = Query::new("accounts.any", "SELECT id FROM accounts LIMIT 1");

/// The first owner.
pub const OWNER: Query = Query::new(
    "accounts.owner",
    "SELECT id, email, name, language, role
     FROM accounts
     WHERE role = 'owner'
     ORDER BY id
     LIMIT 1",
);

/// Makes the first account; nothing when there is one.
pub const CREATE_FIRST: Query = Query::new(
    "accounts.create_first",
    "INSERT INTO accounts (email, email_key, name, password_hash, language, role, created_at)
     SELECT CAST(?1 AS TEXT), CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), CAST(?5 AS TEXT),
        CAST(?6 AS TEXT), CAST(?7 AS BIGINT)
     WHERE NOT EXISTS (SELECT 1 FROM accounts)
     RETURNING id, email, name, language, role",
);

/// An account with its password's hash, by address.
pub const BY_EMAIL: Query = Query::new(
    "accounts.by_email",
    "SELECT id, email, name, language, role, password_hash
     FROM accounts
     WHERE email_key = ?1",
);

/// Starts a session.
pub const START: Query = Query::new(
    "accounts.start_session",
    "INSERT INTO sessions (token_hash, account_id, created_at, seen_at, expires_at)
     VALUES (?1, ?2, ?3, ?3, ?4)",
);

/// Who a session belongs to.
pub const OF_SESSION: Query = Query::new(
    "accounts.of_session",
    "SELECT a.id, a.email, a.name, a.language, a.role
     FROM sessions s
     JOIN accounts a ON a.id = s.account_id
     WHERE s.token_hash = ?1 AND s.expires_at > ?2",
);

/// Ends a session.
pub const END: Query = Query::new("accounts.end_session", "DELETE FROM sessions WHERE token_hash = ?1");

/// Ends the sessions that are too old.
pub const END_OLD: Query =
    Query::new("accounts.end_old_sessions", "DELETE FROM sessions WHERE expires_at <= ?1");

/// Keeps a link that signs in.
pub const KEEP_LINK: Query = Query::new(
    "accounts.keep_link",
    "INSERT INTO sign_in_links (token_hash, account_id, created_at, expires_at)
     VALUES (?1, ?2, ?3, ?4)",
);

/// Whether a link would sign in.
pub const LINK: Query = Query::new(
    "accounts.link",
    "SELECT account_id
     FROM sign_in_links
     WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2",
);

/// Uses a link up.
pub const USE_LINK: Query = Query::new(
    "accounts.use_link",
    "UPDATE sign_in_links
     SET used_at = ?2
     WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2
     RETURNING account_id",
);

/// Failures left to somebody.
pub const FAILURES: Query =
    Query::new("accounts.failures", "SELECT tokens, at FROM allowances WHERE key = ?1");

/// Keeps the failures left to somebody.
pub const KEEP_FAILURES: Query = Query::new(
    "accounts.keep_failures",
    "INSERT INTO allowances (key, tokens, at)
     VALUES (?1, ?2, ?3)
     ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, at = excluded.at",
);

/// Every query of this slice.
pub const ALL: &[Query] = &[
    ANY,
    OWNER,
    CREATE_FIRST,
    BY_EMAIL,
    START,
    OF_SESSION,
    END,
    END_OLD,
    KEEP_LINK,
    LINK,
    USE_LINK,
    FAILURES,
    KEEP_FAILURES,
];
