//! Questions about what came back.

mod answers;
mod desk;

use store::Query;

pub(crate) use answers::{ANSWERS, KEEP_PLACE, UNREAD};
pub(crate) use desk::{
    BY_ACTION, BY_DAY, LETTER, LETTERS, LIST, LIST_OF_NOBODY, MARK_READ, MARK_UNREAD, OF_NOBODY, THROW_AWAY,
    TROUBLES, UNREAD_LETTERS,
};

/// Whether an event is known.
pub const KNOWN: Query = Query::new("returns.known", "SELECT id FROM returns WHERE event_key = ?1");

/// Keeps an event. One that is known already undoes the transaction, and what would follow from it.
pub const KEEP: Query = Query::new(
    "returns.keep",
    "INSERT INTO returns (event_key, source, received_at, publication_id, dispatch_id, reader_id, suppression_key,
        address, action, reason, status, words, followed)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
);

/// Spends a proof that is good for one event. One that was spent undoes the transaction.
pub const SPEND: Query = Query::new("returns.spend", "INSERT INTO spent_proofs (proof, at) VALUES (?1, ?2)");

/// How much was kept about a reader since a moment, counted up to a number.
pub const NOTES: Query = Query::new(
    "returns.notes",
    "SELECT COUNT(*)
     FROM (SELECT id FROM returns WHERE reader_id = ?1 AND received_at >= ?2 LIMIT ?3) newest",
);

/// The same about nobody and nothing that we know.
pub const NOTES_ABOUT_NOBODY: Query = Query::new(
    "returns.notes_about_nobody",
    "SELECT COUNT(*)
     FROM (
         SELECT id
         FROM returns
         WHERE publication_id IS NULL AND received_at >= ?1 AND reader_id IS NULL
         LIMIT ?2
     ) newest",
);

/// The same about readers of a publication who were deleted since.
pub const NOTES_ABOUT_GONE: Query = Query::new(
    "returns.notes_about_gone",
    "SELECT COUNT(*)
     FROM (
         SELECT id
         FROM returns
         WHERE publication_id = ?1 AND received_at >= ?2 AND reader_id IS NULL
         LIMIT ?3
     ) newest",
);

/// How many letters came to a publication since a moment, counted up to a number.
pub const LETTERS_SINCE: Query = Query::new(
    "returns.letters_since",
    "SELECT COUNT(*)
     FROM (SELECT id FROM replies WHERE publication_id = ?1 AND received_at >= ?2 LIMIT ?3) newest",
);

/// When the mail of a dispatch to a reader left.
pub const SENT_AT: Query =
    Query::new("returns.sent_at", "SELECT at FROM deliveries WHERE reader_id = ?1 AND dispatch_id = ?2");

/// Forgets what came back before a moment, among the oldest so many.
pub const FORGET_OLD: Query = Query::new(
    "returns.forget_old",
    "DELETE FROM returns
     WHERE id IN (
         SELECT oldest.id
         FROM (SELECT id, received_at FROM returns ORDER BY id LIMIT ?2) oldest
         WHERE oldest.received_at < ?1
     )",
);

/// Forgets proofs that are too old to be shown again.
pub const FORGET_SPENT: Query = Query::new("returns.forget_spent", "DELETE FROM spent_proofs WHERE at < ?1");

/// The publication and edition of a dispatch.
pub const DISPATCH: Query =
    Query::new("returns.dispatch", "SELECT publication_id, edition_id FROM dispatches WHERE id = ?1");

/// The address of a notice; its row is kept for some days.
pub const NOTICE: Query =
    Query::new("returns.notice", "SELECT recipient, created_at FROM notices WHERE id = ?1");

/// The mail to a reader that the relay took under a name. Only that reader's own deliveries are looked through.
pub const BY_RELAY_ID: Query = Query::new(
    "returns.by_relay_id",
    "SELECT d.dispatch_id, x.publication_id, x.edition_id
     FROM deliveries d
     JOIN dispatches x ON x.id = d.dispatch_id
     WHERE d.reader_id = ?1 AND d.state = 3 AND d.answer LIKE ?2 ESCAPE '!'
     ORDER BY d.dispatch_id DESC
     LIMIT 1",
);

/// The newest mail to a reader since a moment, of a publication or (0) of any.
pub const NEWEST: Query = Query::new(
    "returns.newest",
    "SELECT d.dispatch_id, x.publication_id, x.edition_id
     FROM deliveries d
     JOIN dispatches x ON x.id = d.dispatch_id
     WHERE d.reader_id = ?1 AND d.state = 3 AND d.at >= ?2 AND (x.publication_id = ?3 OR ?3 = 0)
     ORDER BY d.at DESC
     LIMIT 1",
);

/// The editions of an address that came back softly.
pub const SOFT: Query = Query::new(
    "returns.soft",
    "SELECT edition_id, at FROM soft_returns WHERE suppression_key = ?1 ORDER BY at",
);

/// Counts an edition; the first word of it is the one that counts.
pub const COUNT_SOFT: Query = Query::new(
    "returns.count_soft",
    "INSERT INTO soft_returns (suppression_key, edition_id, at)
     VALUES (?1, ?2, ?3)
     ON CONFLICT (suppression_key, edition_id) DO NOTHING",
);

/// Forgets what came back softly up to a moment: a later delivery went well, or it has led to a suppression.
pub const FORGET_SOFT: Query =
    Query::new("returns.forget_soft", "DELETE FROM soft_returns WHERE suppression_key = ?1 AND at <= ?2");

/// When the last delivery to a reader that went well was accepted: before a moment, and nothing came back since.
pub const WENT_WELL: Query = Query::new(
    "returns.went_well",
    "SELECT MAX(d.at)
     FROM deliveries d
     WHERE d.reader_id = ?1 AND d.state = 3 AND d.at <= ?2
        AND NOT EXISTS (
            SELECT 1
            FROM returns r
            WHERE r.reader_id = d.reader_id AND r.dispatch_id = d.dispatch_id
                AND r.action IN ('suppress', 'soft', 'retry', 'trouble')
        )",
);

/// Keeps a letter of a reader, once.
pub const KEEP_LETTER: Query = Query::new(
    "returns.keep_letter",
    "INSERT INTO replies (event_key, publication_id, edition_id, reader_id, suppression_key, door, from_address,
        from_name, subject, text, attachments, whole, received_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
     ON CONFLICT (event_key) DO NOTHING
     RETURNING id",
);

/// Every query of this slice.
pub const ALL: &[Query] = &[
    KNOWN,
    KEEP,
    SPEND,
    NOTES,
    NOTES_ABOUT_NOBODY,
    NOTES_ABOUT_GONE,
    LETTERS_SINCE,
    SENT_AT,
    FORGET_OLD,
    FORGET_SPENT,
    DISPATCH,
    NOTICE,
    BY_RELAY_ID,
    NEWEST,
    SOFT,
    COUNT_SOFT,
    FORGET_SOFT,
    WENT_WELL,
    KEEP_LETTER,
    answers::UNREAD,
    answers::ANSWERS,
    answers::KEEP_PLACE,
    desk::BY_ACTION,
    desk::BY_DAY,
    desk::LIST,
    desk::LIST_OF_NOBODY,
    desk::OF_NOBODY,
    desk::TROUBLES,
    desk::LETTERS,
    desk::LETTER,
    desk::UNREAD_LETTERS,
    desk::MARK_READ,
    desk::MARK_UNREAD,
    desk::THROW_AWAY,
];
