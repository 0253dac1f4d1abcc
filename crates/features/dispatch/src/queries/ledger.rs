//! The ledger. States by number: 0 pending, 1 claimed, 2 in doubt, 3 accepted, 4 deferred, 5 failed, 6 skipped.
//!
//! Lists are materialized and hold the dispatch themselves: else SQLite walks the dispatch and looks into the list for
//! each of its rows, a million times for each thousand.

use store::Query;

/// Rows of a dispatch by state, and (with state 0) how many of all were in doubt and were sent again. One pass over the
/// ledger without sorting it, which a GROUP BY would.
pub const COUNTS: Query = Query::new(
    "dispatch.counts",
    "WITH counted AS MATERIALIZED (
        SELECT COUNT(CASE WHEN state = 0 THEN 1 END) AS s0,
        COUNT(CASE WHEN state = 1 THEN 1 END) AS s1,
        COUNT(CASE WHEN state = 2 THEN 1 END) AS s2,
        COUNT(CASE WHEN state = 3 THEN 1 END) AS s3,
        COUNT(CASE WHEN state = 4 THEN 1 END) AS s4,
        COUNT(CASE WHEN state = 5 THEN 1 END) AS s5,
        COUNT(CASE WHEN state = 6 THEN 1 END) AS s6,
        COUNT(CASE WHEN doubts > 0 THEN 1 END) AS doubted
        FROM deliveries
        WHERE dispatch_id = ?1
     )
     SELECT 0, s0, doubted FROM counted
     UNION ALL SELECT 1, s1, 0 FROM counted
     UNION ALL SELECT 2, s2, 0 FROM counted
     UNION ALL SELECT 3, s3, 0 FROM counted
     UNION ALL SELECT 4, s4, 0 FROM counted
     UNION ALL SELECT 5, s5, 0 FROM counted
     UNION ALL SELECT 6, s6, 0 FROM counted",
);

/// Rows of a dispatch that wait for a moment after this one: their turn, their reader's hour, the next day's cap.
pub const WAITING: Query = Query::new(
    "dispatch.waiting",
    "SELECT COUNT(*), MIN(next_at)
     FROM deliveries
     WHERE next_at > ?2 AND dispatch_id = ?1 AND state = 0",
);

/// How many mails of a dispatch each route brought to their servers.
pub const BY_ROUTE: Query = Query::new(
    "dispatch.by_route",
    "SELECT x.name, d.accepted
     FROM (
        SELECT route_id, COUNT(*) AS accepted
        FROM deliveries
        WHERE dispatch_id = ?1 AND state = 3
        GROUP BY route_id
     ) AS d
     JOIN routes x ON x.id = d.route_id
     ORDER BY x.name",
);

/// Leases the next open chunk of a dispatch.
pub const CLAIM_CHUNK: Query = Query::new(
    "dispatch.claim_chunk",
    "UPDATE chunks
     SET state = 1, process_id = ?2
     WHERE dispatch_id = ?1 AND state = 0 AND number = (
        SELECT number FROM chunks WHERE dispatch_id = ?1 AND state = 0 ORDER BY number LIMIT 1 {skip_locked}
     )
     RETURNING number, first_seq, last_seq",
);

/// Leases a chunk that is done but for readers whose mail was deferred.
pub const CLAIM_CLOSED_CHUNK: Query = Query::new(
    "dispatch.claim_closed_chunk",
    "UPDATE chunks
     SET state = 1, process_id = ?3
     WHERE dispatch_id = ?1 AND number = ?2 AND state = 2
     RETURNING number, first_seq, last_seq",
);

/// Deliveries of a dispatch that were deferred or put back and are due, of chunks that nobody works on: others could
/// not be claimed, and would stand before those that can. Counted for the same reason as below. The last parameter is
/// the length of a chunk.
pub const DUE: Query = Query::new(
    "dispatch.due",
    "SELECT d.seq
     FROM deliveries d
     WHERE d.dispatch_id = ?1 AND d.next_at <= ?2
        AND (
            SELECT COUNT(*)
            FROM chunks c
            WHERE c.dispatch_id = d.dispatch_id AND c.number = (d.seq - 1) / ?4 AND c.state = 2
        ) = 1
     ORDER BY d.next_at
     LIMIT ?3",
);

/// Passes over readers of a chunk who left since the audience was frozen.
///
/// Each look goes by a whole key and by nothing else: PostgreSQL, where it has no statistics yet (right after an import),
/// walks all subscriptions for each reader of the chunk if it may join, or go by the state.
pub const SKIP: Query = Query::new(
    "dispatch.skip",
    "UPDATE deliveries
     SET state = 6, at = ?5, next_at = NULL
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND ((state = 0 AND next_at IS NULL) OR (state IN (0, 4) AND next_at <= ?5))
        AND (
            COALESCE(
                (
                    SELECT s.state
                    FROM subscriptions s
                    WHERE s.publication_id = ?4 AND s.reader_id = deliveries.reader_id
                ),
                0
            ) <> 1
            OR (
                SELECT COUNT(*)
                FROM suppressions x
                WHERE x.publication_id IN (0, ?4)
                    AND x.suppression_key = (SELECT r.suppression_key FROM readers r WHERE r.id = deliveries.reader_id)
            ) > 0
        )",
);

/// The same for a test, which goes to an address whether or not it has subscribed.
pub const SKIP_SUPPRESSED: Query = Query::new(
    "dispatch.skip_suppressed",
    "UPDATE deliveries
     SET state = 6, at = ?5, next_at = NULL
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND ((state = 0 AND next_at IS NULL) OR (state IN (0, 4) AND next_at <= ?5))
        AND (
            (SELECT COUNT(*) FROM readers r WHERE r.id = deliveries.reader_id) = 0
            OR (
                SELECT COUNT(*)
                FROM suppressions x
                WHERE x.publication_id IN (0, ?4)
                    AND x.suppression_key = (SELECT r.suppression_key FROM readers r WHERE r.id = deliveries.reader_id)
            ) > 0
        )",
);

/// Claims the rows of a leased chunk.
pub const CLAIM: Query = Query::new(
    "dispatch.claim",
    "UPDATE deliveries
     SET state = 1, next_at = NULL
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND ((state = 0 AND next_at IS NULL) OR (state IN (0, 4) AND next_at <= ?4))",
);

/// The claimed rows of a chunk with what the letter wants to know of each reader. A reader who was deleted in this
/// very moment has no address any more, but still a row.
pub const CLAIMED: Query = Query::new(
    "dispatch.claimed",
    "SELECT d.seq, d.reader_id, d.tries, d.doubts, r.email, r.first_name, r.last_name
     FROM deliveries d
     LEFT JOIN readers r ON r.id = d.reader_id
     WHERE d.dispatch_id = ?1 AND d.seq BETWEEN ?2 AND ?3 AND d.state = 1
     ORDER BY d.seq",
);

/// The last bytes of some mails of a dispatch are about to leave: only of rows that are in our hands, and in the hands
/// of the process that holds their chunk; those are given back. A process that slept and was taken for dead is stopped
/// here. Rows: place, chunk.
pub const DOUBT: Query = Query::new(
    "dispatch.doubt",
    "WITH turn AS MATERIALIZED (
        SELECT CAST(?1 AS BIGINT) AS dispatch_id, CAST(value ->> 0 AS BIGINT) AS seq, CAST(value ->> 1 AS BIGINT) AS chunk
        FROM {list_json:?2}
     )
     UPDATE deliveries
     SET state = 2, at = ?3, tries = tries + 1
     FROM turn
     WHERE deliveries.dispatch_id = turn.dispatch_id AND deliveries.seq = turn.seq AND deliveries.state = 1
        AND EXISTS (
            SELECT 1 FROM chunks c WHERE c.dispatch_id = turn.dispatch_id AND c.number = turn.chunk AND c.process_id = ?4
        )
     RETURNING deliveries.dispatch_id, deliveries.seq",
);

/// The relay took them. That stays true whoever holds a row meanwhile. Rows: place, code, answer, route.
pub const ACCEPT: Query = Query::new(
    "dispatch.accept",
    "WITH turn AS MATERIALIZED (
        SELECT CAST(?1 AS BIGINT) AS dispatch_id, CAST(value ->> 0 AS BIGINT) AS seq, CAST(value ->> 1 AS BIGINT) AS code, value ->> 2 AS answer,
            CAST(value ->> 3 AS BIGINT) AS route
        FROM {list_json:?2}
     )
     UPDATE deliveries
     SET state = 3, at = ?3, next_at = NULL, code = turn.code, answer = turn.answer, route_id = turn.route
     FROM turn
     WHERE deliveries.dispatch_id = turn.dispatch_id AND deliveries.seq = turn.seq",
);

/// Moves deliveries that are in our hands. One that only waits for its turn keeps what was said of it before. Rows:
/// place, chunk, state, tries, doubts, next try, code, answer, route.
pub const MOVE: Query = Query::new(
    "dispatch.move",
    "WITH turn AS MATERIALIZED (
        SELECT CAST(?1 AS BIGINT) AS dispatch_id, CAST(value ->> 0 AS BIGINT) AS seq, CAST(value ->> 1 AS BIGINT) AS chunk,
            CAST(value ->> 2 AS BIGINT) AS state, CAST(value ->> 3 AS BIGINT) AS tries,
            CAST(value ->> 4 AS BIGINT) AS doubts, CAST(value ->> 5 AS BIGINT) AS next_at,
            CAST(value ->> 6 AS BIGINT) AS code, value ->> 7 AS answer, CAST(value ->> 8 AS BIGINT) AS route
        FROM {list_json:?2}
     )
     UPDATE deliveries
     SET state = turn.state, tries = deliveries.tries + turn.tries, doubts = deliveries.doubts + turn.doubts,
        next_at = turn.next_at,
        at = CASE WHEN turn.next_at IS NOT NULL AND turn.answer IS NULL THEN deliveries.at ELSE ?3 END,
        code = CASE WHEN turn.next_at IS NOT NULL AND turn.answer IS NULL THEN deliveries.code ELSE turn.code END,
        answer = CASE WHEN turn.next_at IS NOT NULL AND turn.answer IS NULL THEN deliveries.answer ELSE turn.answer END,
        route_id = CASE WHEN turn.next_at IS NOT NULL AND turn.answer IS NULL THEN deliveries.route_id ELSE turn.route END
     FROM turn
     WHERE deliveries.dispatch_id = turn.dispatch_id AND deliveries.seq = turn.seq AND deliveries.state IN (1, 2)
        AND EXISTS (
            SELECT 1 FROM chunks c WHERE c.dispatch_id = turn.dispatch_id AND c.number = turn.chunk AND c.process_id = ?4
        )",
);

/// Gives a chunk back that is done for now.
pub const CLOSE_CHUNK: Query = Query::new(
    "dispatch.close_chunk",
    "UPDATE chunks
     SET state = 2, process_id = NULL
     WHERE dispatch_id = ?1 AND number = ?2 AND process_id = ?3",
);

/// Rows of a chunk that were claimed and not sent are pending again, if the chunk is still that process's.
pub const RELEASE_ROWS: Query = Query::new(
    "dispatch.release_rows",
    "UPDATE deliveries
     SET state = 0
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND state = 1
        AND EXISTS (SELECT 1 FROM chunks c WHERE c.dispatch_id = ?1 AND c.number = ?4 AND c.process_id = ?5)",
);

/// Gives a chunk back that is not done.
pub const RELEASE_CHUNK: Query = Query::new(
    "dispatch.release_chunk",
    "UPDATE chunks
     SET state = 0, process_id = NULL
     WHERE dispatch_id = ?1 AND number = ?2 AND process_id = ?3",
);

/// Chunks under a lease, with what their dispatch wants done with doubts.
pub const LEASES: Query = Query::new(
    "dispatch.leases",
    "SELECT c.dispatch_id, c.number, c.first_seq, c.last_seq, c.process_id, d.in_doubt
     FROM chunks c
     JOIN dispatches d ON d.id = c.dispatch_id
     WHERE c.state = 1",
);

/// Passes a lease from a dead process on; of several who try, one succeeds.
pub const TAKE_LEASE: Query = Query::new(
    "dispatch.take_lease",
    "UPDATE chunks
     SET process_id = ?4
     WHERE dispatch_id = ?1 AND number = ?2 AND state = 1 AND process_id = ?3",
);

/// Rows that were on the wire when their process died are sent once more.
pub const RESEND_DOUBTED: Query = Query::new(
    "dispatch.resend_doubted",
    "UPDATE deliveries
     SET state = 0, doubts = doubts + 1
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND state = 2 AND doubts < ?4",
);

/// Chunks with deliveries in doubt that nobody works on: their answer will not come any more.
pub const HELD_CHUNKS: Query = Query::new(
    "dispatch.held_chunks",
    "SELECT c.number, c.first_seq, c.last_seq
     FROM chunks c
     WHERE c.dispatch_id = ?1 AND c.state = 2
        AND EXISTS (
            SELECT 1
            FROM deliveries d
            WHERE d.dispatch_id = c.dispatch_id AND d.seq BETWEEN c.first_seq AND c.last_seq AND d.state = 2
        )
     ORDER BY c.number",
);

/// Closed chunks with rows that somebody should be working on, or that nothing will bring back: what remains when a
/// group of moves was written twice because the answer to the first time was lost.
pub const STRANDED_CHUNKS: Query = Query::new(
    "dispatch.stranded_chunks",
    "SELECT c.number, c.first_seq, c.last_seq
     FROM chunks c
     WHERE c.dispatch_id = ?1 AND c.state = 2
        AND EXISTS (
            SELECT 1
            FROM deliveries d
            WHERE d.dispatch_id = c.dispatch_id AND d.seq BETWEEN c.first_seq AND c.last_seq
                AND (d.state = 1 OR (d.state = 0 AND d.next_at IS NULL))
        )
     ORDER BY c.number",
);

/// Claimed rows of a chunk that nobody holds are pending again.
pub const FREE_ROWS: Query = Query::new(
    "dispatch.free_rows",
    "UPDATE deliveries
     SET state = 0
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND state = 1",
);

/// Opens a closed chunk again, unless somebody works on it.
pub const REOPEN_CHUNK: Query = Query::new(
    "dispatch.reopen_chunk",
    "UPDATE chunks
     SET state = 0
     WHERE dispatch_id = ?1 AND number = ?2 AND state = 2",
);

/// Deliveries in doubt that were held are sent once more, since the author says so.
pub const RESEND_HELD: Query = Query::new(
    "dispatch.resend_held",
    "UPDATE deliveries
     SET state = 0, doubts = doubts + 1, next_at = NULL
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND state = 2",
);

/// A dispatch that was held sends again.
pub const GO_ON: Query =
    Query::new("dispatch.go_on", "UPDATE dispatches SET state = 2 WHERE id = ?1 AND state IN (2, 3)");

/// Whether a dispatch has chunks that are open or under a lease.
pub const OPEN_CHUNKS: Query = Query::new(
    "dispatch.open_chunks",
    "SELECT number
     FROM chunks
     WHERE dispatch_id = ?1 AND state < 2
     LIMIT 1",
);

/// Who did not get it, and why; a page of them.
pub const FAILURES: Query = Query::new(
    "dispatch.failures",
    "SELECT d.seq, r.email, d.state, d.tries, d.at, d.next_at, d.code, d.answer, x.name
     FROM deliveries d
     LEFT JOIN readers r ON r.id = d.reader_id
     LEFT JOIN routes x ON x.id = d.route_id
     WHERE d.dispatch_id = ?1 AND d.seq > ?2 AND d.state IN (2, 4, 5)
     ORDER BY d.seq
     LIMIT ?3",
);
