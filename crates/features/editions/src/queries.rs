//! Questions about editions.

use store::Query;

/// An edition by its number in the store.
pub const BY_ID: Query = Query::new(
    "editions.by_id",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE id = ?1",
);

/// An edition of a publication by its slug.
pub const BY_SLUG: Query = Query::new(
    "editions.by_slug",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE publication_id = ?1 AND slug = ?2",
);

/// Where editions with a slug are: their numbers and the slugs of their publications.
pub const PLACES_OF_SLUG: Query = Query::new(
    "editions.places_of_slug",
    "SELECT e.id, p.slug
     FROM publications p
     JOIN editions e ON e.publication_id = p.id
     WHERE e.slug = ?1
     ORDER BY p.slug",
);

/// A page of a publication's editions, the one last worked on first.
pub const LIST: Query = Query::new(
    "editions.list",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE publication_id = ?1
     ORDER BY updated_at DESC, id DESC
     LIMIT ?2 OFFSET ?3",
);

/// How many editions a publication has.
pub const COUNT: Query = Query::new(
    "editions.count",
    "SELECT COUNT(*)
     FROM editions
     WHERE publication_id = ?1",
);

/// A page of a publication's public editions, newest first.
pub const PUBLISHED: Query = Query::new(
    "editions.published",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE publication_id = ?1 AND published_at IS NOT NULL
     ORDER BY published_at DESC, id DESC
     LIMIT ?2 OFFSET ?3",
);

/// How many public editions a publication has.
pub const COUNT_PUBLISHED: Query = Query::new(
    "editions.count_published",
    "SELECT COUNT(*)
     FROM editions
     WHERE publication_id = ?1 AND published_at IS NOT NULL",
);

/// Public editions in whose tree a text occurs, newest first: those with a tag are among them.
pub const PUBLISHED_WITH: Query = Query::new(
    "editions.published_with",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE publication_id = ?1 AND published_at IS NOT NULL AND document LIKE ?2
     ORDER BY published_at DESC, id DESC",
);

/// The public edition before one.
pub const PREVIOUS: Query = Query::new(
    "editions.previous",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE publication_id = ?1 AND published_at IS NOT NULL AND published_at <= ?2
        AND (published_at < ?2 OR id < ?3)
     ORDER BY published_at DESC, id DESC
     LIMIT 1",
);

/// The public edition after one.
pub const NEXT: Query = Query::new(
    "editions.next",
    "SELECT id, publication_id, slug, title, state, number, document, created_at, updated_at, scheduled_at,
        published_at
     FROM editions
     WHERE publication_id = ?1 AND published_at IS NOT NULL AND published_at >= ?2
        AND (published_at > ?2 OR id > ?3)
     ORDER BY published_at, id
     LIMIT 1",
);

/// The slugs that stand in the way of one: itself, and those that begin with it and a hyphen.
pub const SLUGS: Query = Query::new(
    "editions.slugs",
    "SELECT slug
     FROM editions
     WHERE publication_id = ?1 AND (slug = ?2 OR slug LIKE ?3)",
);

/// A new edition.
pub const CREATE: Query = Query::new(
    "editions.create",
    "INSERT INTO editions (publication_id, slug, title, state, document, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
     RETURNING id",
);

/// A new text for a draft that nobody changed since it was seen.
pub const SAVE: Query = Query::new(
    "editions.save",
    "UPDATE editions
     SET slug = ?3, title = ?4, document = ?5, updated_at = ?6
     WHERE id = ?1 AND updated_at = ?2 AND state = 'draft'",
);

/// Makes whoever also numbers an edition of this publication wait for us.
pub const TAKE_TURN: Query = Query::new(
    "editions.take_turn",
    "UPDATE publications
     SET slug = slug
     WHERE id = ?1",
);

/// An edition leaves: its number and the moment are given once.
pub const START: Query = Query::new(
    "editions.start",
    "UPDATE editions
     SET state = 'sending', scheduled_at = NULL, published_at = COALESCE(published_at, ?3),
        number = COALESCE(
            number,
            (SELECT COALESCE(MAX(other.number), 0) + 1
             FROM editions other
             WHERE other.publication_id = editions.publication_id))
     WHERE id = ?1 AND updated_at = ?2",
);

/// The edition as it left, unless that is kept already.
pub const KEEP_VERSION: Query = Query::new(
    "editions.keep_version",
    "INSERT INTO edition_versions (edition_id, number, kind, document, hash, at)
     VALUES (?1, 1, 'sent', ?2, ?3, ?4)
     ON CONFLICT (edition_id, number) DO NOTHING",
);

/// A version of an edition.
pub const VERSION: Query = Query::new(
    "editions.version",
    "SELECT kind, document, hash, at
     FROM edition_versions
     WHERE edition_id = ?1 AND number = ?2",
);

/// The edition is sent.
pub const FINISH: Query = Query::new(
    "editions.finish",
    "UPDATE editions
     SET state = 'sent'
     WHERE id = ?1 AND state = 'sending'",
);

/// A draft waits for its hour, or for another one.
pub const SCHEDULE: Query = Query::new(
    "editions.schedule",
    "UPDATE editions
     SET state = 'scheduled', scheduled_at = ?2
     WHERE id = ?1 AND state IN ('draft', 'scheduled')",
);

/// Holds the text as it was read: nobody saves another one while a transaction goes on with it.
pub const UNCHANGED: Query = Query::new(
    "editions.unchanged",
    "UPDATE editions
     SET slug = slug
     WHERE id = ?1 AND updated_at = ?2",
);

/// A waiting edition is a draft again.
pub const UNSCHEDULE: Query = Query::new(
    "editions.unschedule",
    "UPDATE editions
     SET state = 'draft', scheduled_at = NULL
     WHERE id = ?1 AND state = 'scheduled'",
);

/// The number the next edition of a publication gets.
pub const NEXT_NUMBER: Query = Query::new(
    "editions.next_number",
    "SELECT COALESCE(MAX(number), 0) + 1
     FROM editions
     WHERE publication_id = ?1",
);

// A test is a look at a draft and goes with it; a dispatch proper keeps its edition.

/// Ledger rows of a draft's tests.
pub const DELETE_TEST_DELIVERIES: Query = Query::new(
    "editions.delete_test_deliveries",
    "DELETE FROM deliveries
     WHERE dispatch_id IN (SELECT id FROM dispatches WHERE edition_id = ?1 AND kind = 'test' AND state >= 4)",
);

/// Chunks of a draft's tests.
pub const DELETE_TEST_CHUNKS: Query = Query::new(
    "editions.delete_test_chunks",
    "DELETE FROM chunks
     WHERE dispatch_id IN (SELECT id FROM dispatches WHERE edition_id = ?1 AND kind = 'test' AND state >= 4)",
);

/// Who was left out of a draft's tests.
pub const DELETE_TEST_LEFT_OUT: Query = Query::new(
    "editions.delete_test_left_out",
    "DELETE FROM left_out
     WHERE dispatch_id IN (SELECT id FROM dispatches WHERE edition_id = ?1 AND kind = 'test' AND state >= 4)",
);

/// Pauses of a draft's tests.
pub const DELETE_TEST_PAUSES: Query = Query::new(
    "editions.delete_test_pauses",
    "DELETE FROM dispatch_pauses
     WHERE dispatch_id IN (SELECT id FROM dispatches WHERE edition_id = ?1 AND kind = 'test' AND state >= 4)",
);

/// A draft's tests that have ended.
pub const DELETE_TESTS: Query = Query::new(
    "editions.delete_tests",
    "DELETE FROM dispatches
     WHERE edition_id = ?1 AND kind = 'test' AND state >= 4",
);

/// A draft that no dispatch needs.
pub const DELETE: Query = Query::new(
    "editions.delete",
    "DELETE FROM editions
     WHERE id = ?1 AND state = 'draft' AND published_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM dispatches WHERE edition_id = ?1)",
);

/// Every query of this slice.
pub const ALL: &[Query] = &[
    BY_ID,
    BY_SLUG,
    PLACES_OF_SLUG,
    LIST,
    COUNT,
    PUBLISHED,
    COUNT_PUBLISHED,
    PUBLISHED_WITH,
    PREVIOUS,
    NEXT,
    SLUGS,
    CREATE,
    SAVE,
    TAKE_TURN,
    START,
    KEEP_VERSION,
    VERSION,
    FINISH,
    UNCHANGED,
    SCHEDULE,
    UNSCHEDULE,
    NEXT_NUMBER,
    DELETE_TEST_DELIVERIES,
    DELETE_TEST_CHUNKS,
    DELETE_TEST_LEFT_OUT,
    DELETE_TEST_PAUSES,
    DELETE_TESTS,
    DELETE,
];
