//! Questions about dispatches and the ledger.

mod freeze;
mod ledger;
mod proofs;

use store::Query;

pub(crate) use freeze::{BATCH, Chosen, Moments, earlier, estimate, freeze_batch, just, of_failed};
pub use ledger::*;
pub use proofs::*;

/// A new dispatch.
pub const CREATE: Query = Query::new(
    "dispatch.create",
    "INSERT INTO dispatches (edition_id, publication_id, kind, audience, document, state, readers, left_out,
        in_doubt, created_at, scheduled_at, spread_over, local_time, failed_of)
     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6, ?7, ?8, ?9, ?10, ?11)
     RETURNING id",
);

/// A dispatch.
pub const BY_ID: Query = Query::new(
    "dispatch.by_id",
    "SELECT d.id, d.edition_id, d.publication_id, d.kind, d.audience, d.state, d.readers, d.left_out, d.in_doubt,
        d.created_at, d.scheduled_at, d.started_at, d.finished_at, d.trouble, p.dispatch_id IS NOT NULL, d.spread_over,
        d.local_time, d.failed_of
     FROM dispatches d
     LEFT JOIN dispatch_pauses p ON p.dispatch_id = d.id
     WHERE d.id = ?1",
);

/// The dispatches that may send something now, oldest first. One that has begun goes on whatever the clock says.
pub const OPEN: Query = Query::new(
    "dispatch.open",
    "SELECT d.id, d.edition_id, d.publication_id, d.kind, d.audience, d.state, d.readers, d.left_out, d.in_doubt,
        d.created_at, d.scheduled_at, d.started_at, d.finished_at, d.trouble, p.dispatch_id IS NOT NULL, d.spread_over,
        d.local_time, d.failed_of
     FROM dispatches d
     LEFT JOIN dispatch_pauses p ON p.dispatch_id = d.id
     WHERE d.state < 4 AND (d.state > 0 OR d.scheduled_at <= ?1)
     ORDER BY d.scheduled_at, d.id",
);

/// The dispatches of a publication, newest first.
pub const OF_PUBLICATION: Query = Query::new(
    "dispatch.of_publication",
    "SELECT d.id, d.edition_id, d.publication_id, d.kind, d.audience, d.state, d.readers, d.left_out, d.in_doubt,
        d.created_at, d.scheduled_at, d.started_at, d.finished_at, d.trouble, p.dispatch_id IS NOT NULL, d.spread_over,
        d.local_time, d.failed_of, e.slug, e.title
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

/// Makes whoever also begins to freeze a dispatch of this edition wait for us.
pub const TAKE_TURN: Query = Query::new(
    "dispatch.take_turn",
    "UPDATE editions
     SET slug = slug
     WHERE id = ?1",
);

/// Takes a dispatch that waits, to freeze its audience. One of an edition at a time: the next has to see who has it
/// from this one.
pub const BEGIN_FREEZING: Query = Query::new(
    "dispatch.begin_freezing",
    "UPDATE dispatches
     SET state = 1, process_id = ?2, letter = ?3, letter_hash = ?4, started_at = COALESCE(started_at, ?5)
     WHERE id = ?1 AND state = 0
        AND NOT EXISTS (
            SELECT 1
            FROM dispatches other
            WHERE other.edition_id = dispatches.edition_id AND other.state = 1 AND other.kind = 'edition'
                AND dispatches.kind = 'edition'
        )
     RETURNING id",
);

/// How far the freezing came.
pub const FROZEN: Query = Query::new(
    "dispatch.frozen",
    "SELECT seq, reader_id
     FROM deliveries
     WHERE dispatch_id = ?1
     ORDER BY seq DESC
     LIMIT 1",
);

/// The number of the last reader of the next so many: an audience is frozen span by span.
pub const SPAN: Query = Query::new(
    "dispatch.span",
    "SELECT id
     FROM readers
     WHERE id > ?1
     ORDER BY id
     LIMIT 1 OFFSET ?2",
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
     SET state = 2, readers = ?2, left_out = ?3, process_id = NULL, trouble = NULL
     WHERE id = ?1 AND state = 1",
);

/// The time zones that readers have named.
pub const ZONES: Query = Query::new(
    "dispatch.zones",
    "SELECT DISTINCT time_zone
     FROM readers
     WHERE time_zone IS NOT NULL
     ORDER BY time_zone",
);

/// Whether a mail of a dispatch failed.
pub const ANY_FAILED: Query = Query::new(
    "dispatch.any_failed",
    "SELECT seq
     FROM deliveries
     WHERE dispatch_id = ?1 AND state = 5
     LIMIT 1",
);

/// How much came back about mails that the relay took.
pub const CAME_BACK: Query = Query::new(
    "dispatch.came_back",
    "SELECT COUNT(*)
     FROM returns
     WHERE dispatch_id = ?1 AND action IN ('suppress', 'soft', 'trouble', 'complaint') AND source <> 'answer'",
);

/// Keeps how many were left out for a reason.
pub const KEEP_LEFT_OUT: Query = Query::new(
    "dispatch.keep_left_out",
    "INSERT INTO left_out (dispatch_id, reason, readers)
     VALUES (?1, ?2, ?3)
     ON CONFLICT (dispatch_id, reason) DO UPDATE SET readers = excluded.readers",
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

/// Moves a dispatch that sends, or is held, to where its rows say that it stands.
pub const END: Query = Query::new(
    "dispatch.end",
    "UPDATE dispatches
     SET state = ?2, finished_at = ?3, trouble = NULL
     WHERE id = ?1 AND state IN (2, 3) AND state <> ?2",
);

/// Stops a dispatch for good.
pub const STOP: Query = Query::new(
    "dispatch.stop",
    "UPDATE dispatches
     SET state = 5, finished_at = ?2, trouble = NULL
     WHERE id = ?1 AND state < 4",
);

/// Whether the edition of a dispatch is to be sent by another one.
pub const ANOTHER: Query = Query::new(
    "dispatch.another",
    "SELECT id
     FROM dispatches
     WHERE edition_id = ?1 AND id <> ?2 AND kind = 'edition' AND state < 4
     LIMIT 1",
);

/// A run of deliveries of a dispatch that was stopped is not looked at again when its time comes.
pub const FORGET_DUE: Query = Query::new(
    "dispatch.forget_due",
    "UPDATE deliveries
     SET next_at = NULL
     WHERE dispatch_id = ?1 AND seq BETWEEN ?2 AND ?3 AND next_at IS NOT NULL",
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

/// The dispatches of which mails may leave at this moment.
pub const MAY_SEND: Query = Query::new(
    "dispatch.may_send",
    "SELECT d.id
     FROM dispatches d
     WHERE d.state = 2 AND NOT EXISTS (SELECT 1 FROM dispatch_pauses p WHERE p.dispatch_id = d.id)",
);

/// Says why a dispatch cannot go on, or that it can again.
pub const TROUBLE_OF: Query = Query::new(
    "dispatch.trouble_of",
    "UPDATE dispatches SET trouble = ?2 WHERE id = ?1 AND state < 4 AND trouble IS DISTINCT FROM ?2",
);

/// Every query of this slice whose text does not depend on the audience.
pub const ALL: &[Query] = &[
    CREATE,
    BY_ID,
    OPEN,
    OF_PUBLICATION,
    EARLIER,
    LETTER,
    TAKE_TURN,
    BEGIN_FREEZING,
    FROZEN,
    SPAN,
    ADD_CHUNK,
    BEGIN_SENDING,
    ZONES,
    ANY_FAILED,
    CAME_BACK,
    KEEP_LEFT_OUT,
    LEFT_OUT,
    FREEZING,
    TAKE_FREEZING,
    END,
    STOP,
    ANOTHER,
    FORGET_DUE,
    PAUSE,
    RESUME,
    MAY_SEND,
    TROUBLE_OF,
    COUNTS,
    WAITING,
    BY_ROUTE,
    CLAIM_CHUNK,
    CLAIM_CLOSED_CHUNK,
    DUE,
    SKIP,
    SKIP_SUPPRESSED,
    CLAIM,
    CLAIMED,
    DOUBT,
    ACCEPT,
    MOVE,
    CLOSE_CHUNK,
    RELEASE_ROWS,
    RELEASE_CHUNK,
    LEASES,
    TAKE_LEASE,
    RESEND_DOUBTED,
    HELD_CHUNKS,
    STRANDED_CHUNKS,
    FREE_ROWS,
    REOPEN_CHUNK,
    RESEND_HELD,
    GO_ON,
    OPEN_CHUNKS,
    FAILURES,
    TO_PROVE,
    NEWEST_PROOF,
    ADD_PROOF,
    WITHOUT_LETTER,
    PROOFS,
    UNPROVEN,
    PROOF_OF,
    LETTERS_OF_PUBLICATION,
];
