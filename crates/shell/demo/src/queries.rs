//! A past that nobody waited for: what the ledger would say had the mails been sent one by one.

use store::Query;

/// Every mail of a dispatch was taken, one after another from a moment on, by a route.
pub const TAKEN: Query = Query::new(
    "demo.taken",
    "UPDATE deliveries
     SET state = 3, tries = 1, at = ?2 + seq * ?3, code = 250, answer = '2.0.0 caught', route_id = ?4
     WHERE dispatch_id = ?1 AND state = 0",
);

/// But for some, which were refused.
pub const REFUSED: Query = Query::new(
    "demo.refused",
    "UPDATE deliveries
     SET state = 5, tries = ?3, code = ?4, answer = ?5
     WHERE dispatch_id = ?1 AND seq = ?2",
);

/// No chunk of it is open.
pub const CLOSED: Query =
    Query::new("demo.closed", "UPDATE chunks SET state = 2 WHERE dispatch_id = ?1 AND state = 0");

/// The first reader from a place on whose mail was taken.
pub const RECIPIENT: Query = Query::new(
    "demo.recipient",
    "SELECT d.reader_id
     FROM deliveries d
     WHERE d.dispatch_id = ?1 AND d.seq >= ?2 AND d.state = 3
     ORDER BY d.seq
     LIMIT 1",
);

/// The first of them who has said their whole name.
pub const WRITER: Query = Query::new(
    "demo.writer",
    "SELECT d.reader_id, r.first_name, r.last_name
     FROM deliveries d
     JOIN readers r ON r.id = d.reader_id
     WHERE d.dispatch_id = ?1 AND d.seq >= ?2 AND d.state = 3
        AND r.first_name IS NOT NULL AND r.last_name IS NOT NULL
     ORDER BY d.seq
     LIMIT 1",
);

/// Every query of the demo.
pub const ALL: &[Query] = &[TAKEN, REFUSED, CLOSED, RECIPIENT, WRITER];
