//! Questions of the desk's list of readers.

use store::Query;

/// How many subscriptions stand in each state.
pub const COUNTS: Query = Query::new(
    "audience.counts",
    "SELECT state, COUNT(*)
     FROM subscriptions
     WHERE publication_id = ?1
     GROUP BY state",
);

/// The readers that came last, before a number.
pub const NEWEST: Query = Query::new(
    "audience.newest",
    "SELECT r.id, r.email, r.first_name, r.last_name, s.state, s.since, s.source
     FROM subscriptions s
     JOIN readers r ON r.id = s.reader_id
     WHERE s.publication_id = ?1 AND s.reader_id < ?2
     ORDER BY s.reader_id DESC
     LIMIT ?3",
);

/// The readers in a state, the newest first, before a moment and a number.
pub const NEWEST_IN_STATE: Query = Query::new(
    "audience.newest_in_state",
    "SELECT r.id, r.email, r.first_name, r.last_name, s.state, s.since, s.source
     FROM subscriptions s
     JOIN readers r ON r.id = s.reader_id
     WHERE s.publication_id = ?1 AND s.state = ?2 AND s.since <= ?3 AND (s.since < ?3 OR s.reader_id < ?4)
     ORDER BY s.since DESC, s.reader_id DESC
     LIMIT ?5",
);

/// The readers whose address lies in a range, by address.
pub const BY_ADDRESS: Query = Query::new(
    "audience.by_address",
    "SELECT r.id, r.email, r.first_name, r.last_name, s.state, s.since, s.source
     FROM readers r
     JOIN subscriptions s ON s.publication_id = ?1 AND s.reader_id = r.id
     WHERE r.email_key > ?2 AND r.email_key < ?3
     ORDER BY r.email_key
     LIMIT ?4",
);

/// The same, in one state.
pub const BY_ADDRESS_IN_STATE: Query = Query::new(
    "audience.by_address_in_state",
    "SELECT r.id, r.email, r.first_name, r.last_name, s.state, s.since, s.source
     FROM readers r
     JOIN subscriptions s ON s.publication_id = ?1 AND s.reader_id = r.id
     WHERE r.email_key > ?2 AND r.email_key < ?3 AND s.state = ?5
     ORDER BY r.email_key
     LIMIT ?4",
);

/// How many addresses are kept out.
pub const SUPPRESSED: Query =
    Query::new("audience.suppressed", "SELECT COUNT(*) FROM suppressions WHERE publication_id IN (0, ?1)");
