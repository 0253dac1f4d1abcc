//! Questions about one reader.

use store::Query;

/// A reader by number. A deleted one has no address and is not found.
pub const BY_ID: Query = Query::new(
    "audience.by_id",
    "SELECT id, email, first_name, last_name, language, created_at
     FROM readers
     WHERE id = ?1 AND email <> ''",
);

/// A reader by address.
pub const BY_KEY: Query = Query::new(
    "audience.by_key",
    "SELECT id, email, first_name, last_name, language, created_at
     FROM readers
     WHERE email_key = ?1",
);

/// A reader's tie to a publication.
pub const SUBSCRIPTION: Query = Query::new(
    "audience.subscription",
    "SELECT publication_id, reader_id, state, since, changed_at, source
     FROM subscriptions
     WHERE publication_id = ?1 AND reader_id = ?2",
);

/// All ties of a reader.
pub const SUBSCRIPTIONS: Query = Query::new(
    "audience.subscriptions",
    "SELECT publication_id, reader_id, state, since, changed_at, source
     FROM subscriptions
     WHERE reader_id = ?1
     ORDER BY publication_id",
);

/// A reader's row, made where there is none; what is known is left as it is, since anybody can fill in a form.
pub const KEEP_READER: Query = Query::new(
    "audience.keep_reader",
    "INSERT INTO readers (email, email_key, suppression_key, domain, first_name, last_name, language, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key
     RETURNING id",
);

/// A subscription that waits for its confirmation; one that lives is left as it is.
pub const ASK: Query = Query::new(
    "audience.ask",
    "INSERT INTO subscriptions (publication_id, reader_id, state, since, changed_at, source)
     VALUES (?1, ?2, 0, ?3, ?3, ?4)
     ON CONFLICT (publication_id, reader_id) DO UPDATE
     SET state = 0, since = excluded.since, changed_at = excluded.changed_at, source = excluded.source
     WHERE subscriptions.state = 3",
);

/// A step from one state to another, if it still stands where it stood.
pub const MOVE: Query = Query::new(
    "audience.move",
    "UPDATE subscriptions
     SET state = ?4, since = ?5, changed_at = ?6
     WHERE publication_id = ?1 AND reader_id = ?2 AND state = ?3",
);

/// Keeps a proof.
pub const KEEP_CONSENT: Query = Query::new(
    "audience.keep_consent",
    "INSERT INTO consents (reader_id, publication_id, act, wording, form, network, at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
);

/// The proofs about a reader.
pub const CONSENTS: Query = Query::new(
    "audience.consents",
    "SELECT publication_id, act, wording, form, network, at
     FROM consents
     WHERE reader_id = ?1
     ORDER BY at, id",
);

/// When a mailbox was last asked to confirm.
pub const ASKED_AT: Query =
    Query::new("audience.asked_at", "SELECT asked_at FROM confirmations WHERE suppression_key = ?1");

/// Notes that a mailbox was asked.
pub const KEEP_ASKED: Query = Query::new(
    "audience.keep_asked",
    "INSERT INTO confirmations (suppression_key, asked_at)
     VALUES (?1, ?2)
     ON CONFLICT (suppression_key) DO UPDATE SET asked_at = excluded.asked_at",
);

/// What stands against an address.
pub const SUPPRESSIONS: Query = Query::new(
    "audience.suppressions",
    "SELECT publication_id, reason, at
     FROM suppressions
     WHERE suppression_key = ?1
     ORDER BY publication_id",
);

/// Keeps an address out; of two reasons the stronger stays (`?5` holds the weaker ones).
pub const SUPPRESS: Query = Query::new(
    "audience.suppress",
    "INSERT INTO suppressions (suppression_key, publication_id, reason, at)
     VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (suppression_key, publication_id) DO UPDATE
     SET reason = excluded.reason, at = excluded.at
     WHERE suppressions.reason IN (SELECT value FROM {list_text:?5})",
);

/// Lets an address in again, in one scope.
pub const UNSUPPRESS: Query = Query::new(
    "audience.unsuppress",
    "DELETE FROM suppressions WHERE suppression_key = ?1 AND publication_id = ?2",
);

/// Keeps an address out of every publication but one.
pub const SUPPRESS_ELSEWHERE: Query = Query::new(
    "audience.suppress_elsewhere",
    "INSERT INTO suppressions (suppression_key, publication_id, reason, at)
     SELECT ?1, id, CAST(?2 AS TEXT), CAST(?3 AS BIGINT)
     FROM publications
     WHERE id <> ?4
     ON CONFLICT (suppression_key, publication_id) DO NOTHING",
);

/// What a reader may change about themselves.
pub const CHANGE_READER: Query = Query::new(
    "audience.change_reader",
    "UPDATE readers
     SET first_name = ?2, last_name = ?3, language = ?4
     WHERE id = ?1 AND email <> ''",
);

/// A reader's tags, with their publications.
pub const TAGS: Query = Query::new(
    "audience.tags",
    "SELECT publication_id, tag
     FROM reader_tags
     WHERE reader_id = ?1
     ORDER BY publication_id, tag",
);

/// Gives a reader a tag.
pub const TAGGED: Query = Query::new(
    "audience.tagged",
    "INSERT INTO reader_tags (publication_id, tag, reader_id)
     VALUES (?1, ?2, ?3)
     ON CONFLICT (publication_id, tag, reader_id) DO NOTHING",
);

/// What was sent to a reader, the newest first.
pub const DELIVERIES: Query = Query::new(
    "audience.deliveries",
    "SELECT p.name, e.title, d.state, d.at
     FROM deliveries d
     JOIN dispatches s ON s.id = d.dispatch_id
     JOIN editions e ON e.id = s.edition_id
     JOIN publications p ON p.id = s.publication_id
     WHERE d.reader_id = ?1
     ORDER BY d.dispatch_id DESC
     LIMIT 1000",
);

/// Forgets a reader's tags.
pub const FORGET_TAGS: Query =
    Query::new("audience.forget_tags", "DELETE FROM reader_tags WHERE reader_id = ?1");

/// Forgets a reader's proofs.
pub const FORGET_CONSENTS: Query =
    Query::new("audience.forget_consents", "DELETE FROM consents WHERE reader_id = ?1");

/// Forgets a reader's ties.
pub const FORGET_SUBSCRIPTIONS: Query =
    Query::new("audience.forget_subscriptions", "DELETE FROM subscriptions WHERE reader_id = ?1");

/// Forgets what servers said about an address; that something came back stays.
pub const FORGET_RETURNS: Query = Query::new(
    "audience.forget_returns",
    "UPDATE returns
     SET address = NULL, words = NULL
     WHERE suppression_key = ?1",
);

/// Forgets which editions came back softly.
pub const FORGET_SOFT_RETURNS: Query =
    Query::new("audience.forget_soft_returns", "DELETE FROM soft_returns WHERE suppression_key = ?1");

/// Forgets what a reader wrote to the author.
pub const FORGET_REPLIES: Query =
    Query::new("audience.forget_replies", "DELETE FROM replies WHERE reader_id = ?1");

/// Forgets what was written from an address, before it was a reader's.
pub const FORGET_LETTERS: Query =
    Query::new("audience.forget_letters", "DELETE FROM replies WHERE suppression_key = ?1");

/// What servers said about an address, the newest first.
pub const RETURNS: Query = Query::new(
    "audience.returns",
    "SELECT received_at, action, reason, status, words
     FROM returns
     WHERE suppression_key = ?1
     ORDER BY received_at DESC
     LIMIT 1000",
);

/// What a reader wrote to the author, the newest first.
pub const REPLIES: Query = Query::new(
    "audience.replies",
    "SELECT p.name, r.received_at, r.subject, r.text
     FROM replies r
     JOIN publications p ON p.id = r.publication_id
     WHERE r.reader_id = ?1
     ORDER BY r.received_at DESC
     LIMIT 1000",
);

/// Forgets a reader. The number stays taken: with it a link of the deleted reader would open another's page.
pub const FORGET_READER: Query = Query::new(
    "audience.forget_reader",
    "UPDATE readers
     SET email = '', email_key = 'deleted ' || CAST(id AS TEXT), suppression_key = ?2, domain = '',
        first_name = NULL, last_name = NULL, language = NULL, fields = NULL,
        time_zone = NULL
     WHERE id = ?1 AND email <> ''",
);

/// Takes one of what a bucket holds (`?3` at most, `?4` more a microsecond); no row where nothing is left. In one
/// statement, so that a crowd that comes at once is counted one by one.
pub const TAKE_ALLOWANCE: Query = Query::new(
    "audience.take_allowance",
    "INSERT INTO allowances (key, tokens, at)
     VALUES (?1, CAST(?3 AS DOUBLE PRECISION) - 1, ?2)
     ON CONFLICT (key) DO UPDATE
     SET tokens = CASE
             WHEN allowances.tokens + (excluded.at - allowances.at) * CAST(?4 AS DOUBLE PRECISION) > ?3 THEN CAST(?3 AS DOUBLE PRECISION)
             WHEN excluded.at < allowances.at THEN allowances.tokens
             ELSE allowances.tokens + (excluded.at - allowances.at) * CAST(?4 AS DOUBLE PRECISION)
         END - 1,
         at = excluded.at
     WHERE CASE
             WHEN excluded.at < allowances.at THEN allowances.tokens
             ELSE allowances.tokens + (excluded.at - allowances.at) * CAST(?4 AS DOUBLE PRECISION)
         END >= 1
     RETURNING tokens",
);

/// What a bucket holds.
pub const ALLOWANCE: Query =
    Query::new("audience.allowance", "SELECT tokens, at FROM allowances WHERE key = ?1");
