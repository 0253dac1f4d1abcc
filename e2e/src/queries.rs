//! What a proof asks the database behind the program's back.

use store::Query;

/// The whole ledger of a dispatch.
pub(crate) const LEDGER: Query = Query::new(
    "e2e.ledger",
    "SELECT d.seq, r.email, d.state, d.tries, d.doubts, d.next_at, d.code, d.answer
     FROM deliveries d
     JOIN readers r ON r.id = d.reader_id
     WHERE d.dispatch_id = ?1
     ORDER BY d.seq",
);

/// Brings the next try of every deferred delivery forward to now: time passes without waiting.
pub(crate) const HASTEN: Query = Query::new(
    "e2e.hasten",
    "UPDATE deliveries
     SET next_at = 1
     WHERE dispatch_id = ?1 AND state = 4",
);

/// Hearts that were given.
pub(crate) const HEARTS: Query = Query::new("e2e.hearts", "SELECT COUNT(*) FROM hearts");
