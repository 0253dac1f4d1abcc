//! Questions about dispatches and the ledger.

mod freeze;
mod ledger;

use store::Query;

pub(crate) use freeze::{BATCH, Chosen, earlier, estimate, freeze_batch, just, keep_left_out};
pub use ledger::*;

/// A new dispatch.
pub const CREATE: Query = Query::new(
    "dispatch.create",
    "INSERT INTO dispatches (edition_id, publication_id, kind, audience, document, state, readers, left_out,
        in_doubt, created_at, scheduled_at)
     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6, ?7, ?8)
     RETURNING id",
);

/// A dispatch.
pub const BY_ID: Query = Query::new(
    "dispatch.by_id",
    "SELECT d.id, d.edition_id, d.publication_id, d.kind, d.audience, d.state, d.readers, d.left_out, d.in_doubt,
        d.created_at, d.scheduled_at, d.started_at, d.finished_at, d.trouble, p.dispatch_id IS NOT NULL
     FROM dispatches d
     LEFT JOIN dispatch_pauses p ON p.dispatch_id = d.id
     WHERE d.id = ?1",
);

/// The dispatches that may send something now, oldest first.
pub const OPEN: Query = Query::new(
    "dispatch.open",
    "SELECT d.id, d.edition_id, d.publication_id, d.kind, d.audience, d.state, d.readers, d.left_out, d.in_doubt,
        d.created_at, d.scheduled_at, d.started_at, d.finished_at, d.trouble, p.dispatch_id IS NOT NULL
     FROM dispatches d
     LEFT JOIN dispatch_pauses p ON p.dispatch_id = d.id
     WHERE d.state < 4 AND d.scheduled_at <= ?1
     ORDER BY d.scheduled_at, d.id",
);

/// The dispatches of a publication, newest first.
pub const OF_PUBLICATION: Query = Query::new(
    "dispatch.of_publication",
    "SELECT d.id, d.edition_id, d.publication_id, d.kind, d.audience, d.state, d.readers, d.left_out, d.in_doubt,
        d.created_at, d.scheduled_at, d.started_at, d.finished_at, d.trouble, p.dispatch_id IS NOT NULL, e.slug,
        e.title
     FROM dispatches d
     JOIN editions e ON e.id = d.edition_id
     LEFT JOIN dispatch_pauses p ON p.dispatch_id = d.id
     WHERE d.publication_id = ?1
     ORDER BY d.created_at DESC, d.id DESC
     LIMIT ?2 OFFSET ?3",
);

/// Whether an edition was dispatched before, tests aside.
pub const EARLIER: Query = Query::new(
    "dispatch.earlier",
    "SELECT id
     FROM dispatches
     WHERE edition_id = ?1 AND kind = 'edition' AND id <> ?2
     LIMIT 1",
);

/// The document as it was when the dispatch was asked for, and the letter made of it.
pub const LETTER: Query =
    Query::new("dispatch.letter", "SELECT document, letter FROM dispatches WHERE id = ?1");

/// Takes a dispatch that waits, to freeze its audience.
pub const BEGIN_FREEZING: Query = Query::new(
    "dispatch.begin_freezing",
    "UPDATE dispatches
     SET state = 1, process_id = ?2, letter = ?3, letter_hash = ?4, started_at = COALESCE(started_at, ?5)
     WHERE id = ?1 AND state = 0
     RETURNING id",
);

/// How far the freezing came.
pub const FROZEN: Query = Query::new(
    "dispatch.frozen",
    "SELECT COALESCE(MAX(seq), 0), COALESCE(MAX(reader_id), 0)
     FROM deliveries
     WHERE dispatch_id = ?1",
);

/// A run of deliveries.
pub const ADD_CHUNK: Query = Query::new(
    "dispatch.add_chunk",
    "INSERT INTO chunks (dispatch_id, number, first_seq, last_seq, state)
     VALUES (?1, ?2, ?3, ?4, 0)
     ON CONFLICT (dispatch_id, number) DO NOTHING",
);

/// The audience is frozen: from now on it sends.
pub const BEGIN_SENDING: Query = Query::new(
    "dispatch.begin_sending",
    "UPDATE dispatches
     SET state = 2, readers = ?2, left_out = ?3, process_id = NULL
     WHERE id = ?1 AND state = 1",
);

/// Who was left out when it was frozen.
pub const LEFT_OUT: Query = Query::new(
    "dispatch.left_out",
    "SELECT reason, readers
     FROM left_out
     WHERE dispatch_id = ?1
     ORDER BY reason",
);

/// A freezing whose process died begins again where it stopped.
pub const FREEZING: Query =
    Query::new("dispatch.freezing", "SELECT id, process_id FROM dispatches WHERE state = 1");

/// Passes a freezing on.
pub const TAKE_FREEZING: Query = Query::new(
    "dispatch.take_freezing",
    "UPDATE dispatches SET process_id = ?3 WHERE id = ?1 AND state = 1 AND process_id = ?2 RETURNING id",
);

/// Moves a dispatch that sends to finished or held.
pub const END: Query = Query::new(
    "dispatch.end",
    "UPDATE dispatches
     SET state = ?2, finished_at = ?3, trouble = NULL
     WHERE id = ?1 AND state IN (2, 3) AND state <> ?2
     RETURNING id",
);

/// Stops a dispatch for good.
pub const STOP: Query = Query::new(
    "dispatch.stop",
    "UPDATE dispatches
     SET state = 5, finished_at = ?2, trouble = NULL
     WHERE id = ?1 AND state < 4
     RETURNING id",
);

/// Pauses a dispatch.
pub const PAUSE: Query = Query::new(
    "dispatch.pause",
    "INSERT INTO dispatch_pauses (dispatch_id, why, at)
     VALUES (?1, ?2, ?3)
     ON CONFLICT (dispatch_id) DO NOTHING",
);

/// Lets it go on.
pub const RESUME: Query = Query::new("dispatch.resume", "DELETE FROM dispatch_pauses WHERE dispatch_id = ?1");

/// Says what the relay refuses to all, or that it does not any more.
pub const TROUBLE: Query = Query::new(
    "dispatch.trouble",
    "UPDATE dispatches SET trouble = ?1 WHERE state IN (2, 3) AND trouble IS DISTINCT FROM ?1",
);

/// Every query of this slice whose text does not depend on the audience.
pub const ALL: &[Query] = &[
    CREATE,
    BY_ID,
    OPEN,
    OF_PUBLICATION,
    EARLIER,
    LETTER,
    BEGIN_FREEZING,
    FROZEN,
    ADD_CHUNK,
    BEGIN_SENDING,
    LEFT_OUT,
    FREEZING,
    TAKE_FREEZING,
    END,
    STOP,
    PAUSE,
    RESUME,
    TROUBLE,
    COUNTS,
    DOUBTS,
    CLAIM_CHUNK,
    CLAIM_CLOSED_CHUNK,
    DUE,
    SKIP,
    SKIP_SUPPRESSED,
    CLAIM,
    CLAIMED,
    MOVE,
    CLOSE_CHUNK,
    RELEASE_ROWS,
    RELEASE_CHUNK,
    LEASES,
    RESEND_DOUBTED,
    OPEN_CHUNKS,
    FAILURES,
];
