//! Questions of the desk's pages.

use store::Query;

/// What came back since a moment, by action.
pub const BY_ACTION: Query = Query::new(
    "returns.by_action",
    "SELECT action, COUNT(*)
     FROM returns
     WHERE publication_id = ?1 AND received_at >= ?2
     GROUP BY action
     ORDER BY action",
);

/// The same by day, counted from a moment in days of ?3 microseconds.
pub const BY_DAY: Query = Query::new(
    "returns.by_day",
    "SELECT (received_at - ?2) / ?3, action, COUNT(*)
     FROM returns
     WHERE publication_id = ?1 AND received_at >= ?2
     GROUP BY 1, 2
     ORDER BY 1, 2",
);

/// What came back, the newest before a place first; of one dispatch (or 0) and one action (or '').
pub const LIST: Query = Query::new(
    "returns.list",
    "SELECT r.id, r.received_at, r.source, r.dispatch_id, r.reader_id, x.email, r.address, r.action, r.reason, r.status,
        r.words, r.followed, e.title
     FROM returns r
     LEFT JOIN readers x ON x.id = r.reader_id
     LEFT JOIN dispatches d ON d.id = r.dispatch_id
     LEFT JOIN editions e ON e.id = d.edition_id
     WHERE r.publication_id = ?1 AND r.received_at <= ?2 AND (r.received_at < ?2 OR r.id < ?3)
        AND (r.dispatch_id = ?4 OR ?4 = 0) AND (r.action = ?5 OR ?5 = '')
     ORDER BY r.received_at DESC, r.id DESC
     LIMIT ?6",
);

/// What came back that belongs to no publication: notices, and what strangers write. As `returns.list`, on the same
/// index.
pub const LIST_OF_NOBODY: Query = Query::new(
    "returns.list_of_nobody",
    "SELECT r.id, r.received_at, r.source, r.dispatch_id, r.reader_id, x.email, r.address, r.action, r.reason, r.status,
        r.words, r.followed, NULL
     FROM returns r
     LEFT JOIN readers x ON x.id = r.reader_id
     WHERE r.publication_id IS NULL AND r.received_at <= ?1 AND (r.received_at < ?1 OR r.id < ?2)
        AND (r.action = ?3 OR ?3 = '')
     ORDER BY r.received_at DESC, r.id DESC
     LIMIT ?4",
);

/// How much of that came since a moment.
pub const OF_NOBODY: Query = Query::new(
    "returns.of_nobody",
    "SELECT COUNT(*) FROM returns WHERE publication_id IS NULL AND received_at >= ?1",
);

/// Trouble since a moment, by dispatch and reason, with an example of the words: about us, never about a reader.
pub const TROUBLES: Query = Query::new(
    "returns.troubles",
    "SELECT r.dispatch_id, e.title, r.reason, COUNT(*), MAX(r.words), MAX(r.received_at)
     FROM returns r
     LEFT JOIN dispatches d ON d.id = r.dispatch_id
     LEFT JOIN editions e ON e.id = d.edition_id
     WHERE r.publication_id = ?1 AND r.received_at >= ?2 AND r.action = 'trouble'
     GROUP BY r.dispatch_id, e.title, r.reason
     ORDER BY MAX(r.received_at) DESC
     LIMIT 20",
);

/// Letters of readers, the newest before a place first.
pub const LETTERS: Query = Query::new(
    "returns.letters",
    "SELECT r.id, r.received_at, r.reader_id, x.email, r.from_address, r.from_name, r.subject, r.text, r.attachments,
        r.door, e.title, r.read_at, r.whole
     FROM replies r
     LEFT JOIN readers x ON x.id = r.reader_id
     LEFT JOIN editions e ON e.id = r.edition_id
     WHERE r.publication_id = ?1 AND r.received_at <= ?2 AND (r.received_at < ?2 OR r.id < ?3)
     ORDER BY r.received_at DESC, r.id DESC
     LIMIT ?4",
);

/// One letter.
pub const LETTER: Query = Query::new(
    "returns.letter",
    "SELECT r.id, r.received_at, r.reader_id, x.email, r.from_address, r.from_name, r.subject, r.text, r.attachments,
        r.door, e.title, r.read_at, r.whole
     FROM replies r
     LEFT JOIN readers x ON x.id = r.reader_id
     LEFT JOIN editions e ON e.id = r.edition_id
     WHERE r.publication_id = ?1 AND r.id = ?2",
);

/// How many letters nobody has read.
pub const UNREAD_LETTERS: Query = Query::new(
    "returns.unread_letters",
    "SELECT COUNT(*) FROM replies WHERE publication_id = ?1 AND read_at IS NULL",
);

/// A letter is read.
pub const MARK_READ: Query = Query::new(
    "returns.mark_read",
    "UPDATE replies SET read_at = ?3 WHERE publication_id = ?1 AND id = ?2 AND read_at IS NULL",
);

/// A letter is to be read again.
pub const MARK_UNREAD: Query = Query::new(
    "returns.mark_unread",
    "UPDATE replies SET read_at = NULL WHERE publication_id = ?1 AND id = ?2",
);

/// Throws a letter away.
pub const THROW_AWAY: Query =
    Query::new("returns.throw_away", "DELETE FROM replies WHERE publication_id = ?1 AND id = ?2");
