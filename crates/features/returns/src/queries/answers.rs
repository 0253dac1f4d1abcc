//! Reading the answers that servers gave while they were handed a mail. They stand in the ledger of deliveries, which
//! has no index by state: on PostgreSQL such an index would make each of a million moves dearer. So the ledger is read
//! by place, chunk by chunk as chunks close, and whole once more when the dispatch is over.

use store::Query;

/// Dispatches with answers that may not have been read: their state, how far they were read, when from the start, up to
/// which place all of their chunks are closed, the last place, and when they ended.
pub const UNREAD: Query = Query::new(
    "returns.unread",
    "SELECT d.id, d.state, COALESCE(a.upto, 0), COALESCE(a.looked_at, 0),
        (
            SELECT MIN(c.first_seq) - 1
            FROM chunks c
            WHERE c.dispatch_id = d.id AND c.state < 2
        ),
        (
            SELECT MAX(c.last_seq)
            FROM chunks c
            WHERE c.dispatch_id = d.id
        ), COALESCE(d.finished_at, 0)
     FROM dispatches d
     LEFT JOIN answers_read a ON a.dispatch_id = d.id
     WHERE d.state > 1 AND COALESCE(a.done, 0) = 0
     ORDER BY d.id",
);

/// Refusals in a span of a ledger that are not known yet.
pub const ANSWERS: Query = Query::new(
    "returns.answers",
    "SELECT d.seq, d.reader_id, d.at, d.code, d.answer
     FROM deliveries d
     WHERE d.dispatch_id = ?1 AND d.seq > ?2 AND d.seq <= ?3 AND d.state = 5
        AND NOT EXISTS (
            SELECT 1
            FROM returns r
            WHERE r.event_key = 'delivery:' || CAST(d.dispatch_id AS TEXT) || ':' || CAST(d.seq AS TEXT)
        )
     ORDER BY d.seq",
);

/// Notes how far the ledger of a dispatch was read.
pub const KEEP_PLACE: Query = Query::new(
    "returns.keep_place",
    "INSERT INTO answers_read (dispatch_id, upto, looked_at, done)
     VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (dispatch_id) DO UPDATE
     SET upto = excluded.upto, looked_at = excluded.looked_at, done = excluded.done",
);
