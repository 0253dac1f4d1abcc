//! Questions about notices.

use store::Query;

/// Queues a notice, unless it is queued already.
pub const QUEUE: Query = Query::new(
    "notices.queue",
    "INSERT INTO notices (id, kind, sender, recipient, message, dedupe, state, tries, created_at, next_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?7)
     ON CONFLICT (dedupe) DO NOTHING
     RETURNING id",
);

/// Takes back what dead processes had in hand: those known to be dead, and those that left.
pub const RETURN_FROM_THE_DEAD: Query = Query::new(
    "notices.return_from_the_dead",
    "UPDATE notices
     SET state = 0, process_id = NULL, next_at = ?1
     WHERE process_id IS NOT NULL
       AND (process_id IN (SELECT value FROM {list_int:?2}) OR process_id NOT IN (SELECT id FROM processes))",
);

/// Takes what is due in hand.
pub const CLAIM: Query = Query::new(
    "notices.claim",
    "UPDATE notices
     SET state = 1, process_id = ?1, next_at = NULL, tries = tries + 1
     WHERE id IN (
         SELECT id FROM notices WHERE next_at <= ?2 ORDER BY next_at LIMIT ?3 {skip_locked}
     )
     RETURNING id, sender, recipient, message, tries, created_at",
);

/// The relay took it: what it said is not ours to keep any longer.
pub const ACCEPT: Query = Query::new(
    "notices.accept",
    "UPDATE notices
     SET state = 3, process_id = NULL, next_at = NULL, message = ?4, code = ?2, answer = ?3
     WHERE id = ?1 AND process_id = ?5",
);

/// Refused for now.
pub const DEFER: Query = Query::new(
    "notices.defer",
    "UPDATE notices
     SET state = 4, process_id = NULL, next_at = ?2, code = ?3, answer = ?4
     WHERE id = ?1 AND process_id = ?5",
);

/// Refused for good; the answer is kept.
pub const FAIL: Query = Query::new(
    "notices.fail",
    "UPDATE notices
     SET state = 5, process_id = NULL, next_at = NULL, message = ?4, code = ?2, answer = ?3
     WHERE id = ?1 AND process_id = ?5",
);

/// Gives back what was not tried: the relay was away, or the process ends.
pub const GIVE_BACK: Query = Query::new(
    "notices.give_back",
    "UPDATE notices
     SET state = 0, process_id = NULL, next_at = ?3, tries = tries - 1
     WHERE process_id = ?1 AND id IN (SELECT value FROM {list_int:?2})",
);

/// Those that did not arrive, newest first.
pub const FAILED: Query = Query::new(
    "notices.failed",
    "SELECT kind, recipient, created_at, code, answer
     FROM notices
     WHERE state = 5
     ORDER BY id DESC
     LIMIT ?1",
);

/// Forgets what is settled and old.
pub const FORGET_OLD: Query =
    Query::new("notices.forget_old", "DELETE FROM notices WHERE state IN (3, 5) AND created_at < ?1");

/// Forgets everything about an address.
pub const FORGET_ADDRESS: Query =
    Query::new("notices.forget_address", "DELETE FROM notices WHERE recipient = ?1");

/// Every query of this slice.
pub const ALL: &[Query] =
    &[QUEUE, RETURN_FROM_THE_DEAD, CLAIM, ACCEPT, DEFER, FAIL, GIVE_BACK, FAILED, FORGET_OLD, FORGET_ADDRESS];
