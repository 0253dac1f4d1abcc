//! Questions about caught mail. The table is bounded, so a search may read all of it.

use store::Query;

/// Keeps a mail.
pub const KEEP: Query = Query::new(
    "catcher.keep",
    "INSERT INTO caught_mails (received_at, mail_from, rcpt_to, subject, size, message)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
);

/// Throws away all but the newest.
pub const PRUNE: Query = Query::new(
    "catcher.prune",
    "DELETE FROM caught_mails WHERE id <= (SELECT MAX(id) FROM caught_mails) - ?1",
);

/// The newest before a mail, to recipients like this.
pub const BEFORE: Query = Query::new(
    "catcher.before",
    "SELECT id, received_at, mail_from, rcpt_to, subject, size
     FROM caught_mails
     WHERE id < ?1 AND LOWER(rcpt_to) LIKE ?2 ESCAPE '!'
     ORDER BY id DESC
     LIMIT ?3",
);

/// The oldest after a mail, to recipients like this.
pub const AFTER: Query = Query::new(
    "catcher.after",
    "SELECT id, received_at, mail_from, rcpt_to, subject, size
     FROM caught_mails
     WHERE id > ?1 AND LOWER(rcpt_to) LIKE ?2 ESCAPE '!'
     ORDER BY id
     LIMIT ?3",
);

/// A mail.
pub const ONE: Query = Query::new(
    "catcher.one",
    "SELECT id, received_at, mail_from, rcpt_to, subject, size, message
     FROM caught_mails
     WHERE id = ?1",
);

/// Throws everything away.
pub const EMPTY: Query = Query::new("catcher.empty", "DELETE FROM caught_mails");

/// Every query of this slice.
pub const ALL: &[Query] = &[KEEP, PRUNE, BEFORE, AFTER, ONE, EMPTY];
