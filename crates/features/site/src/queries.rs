//! Questions of the public site.

use store::Query;

/// When anything of a publication's editions last changed, and how many are public.
pub const PULSE: Query = Query::new(
    "site.pulse",
    "SELECT
        (SELECT MAX(updated_at) FROM editions WHERE publication_id = ?1),
        (SELECT COUNT(*) FROM editions WHERE publication_id = ?1 AND published_at IS NOT NULL),
        (SELECT MAX(published_at) FROM editions WHERE publication_id = ?1 AND published_at IS NOT NULL)",
);

/// The newest public edition of each publication that has one.
pub const NEWEST_OF_EACH: Query = Query::new(
    "site.newest_of_each",
    "SELECT p.id, e.slug, e.title, e.published_at
     FROM publications p
     JOIN editions e ON e.id = (
        SELECT n.id
        FROM editions n
        WHERE n.publication_id = p.id AND n.published_at IS NOT NULL
        ORDER BY n.published_at DESC, n.id DESC
        LIMIT 1
     )",
);

/// Every page of an edition for search engines, newest first.
pub const PAGES: Query = Query::new(
    "site.pages",
    "SELECT p.slug, e.slug, CASE WHEN e.updated_at > e.published_at THEN e.updated_at ELSE e.published_at END
     FROM editions e
     JOIN publications p ON p.id = e.publication_id
     WHERE e.published_at IS NOT NULL
     ORDER BY e.published_at DESC
     LIMIT ?1",
);

/// How many hearts an edition has.
pub const HEARTS: Query = Query::new(
    "site.hearts",
    "SELECT COUNT(*)
     FROM hearts
     WHERE edition_id = ?1",
);

/// Whether a reader has given an edition a heart.
pub const HEART_OF: Query = Query::new(
    "site.heart_of",
    "SELECT 1
     FROM hearts
     WHERE edition_id = ?1 AND reader_id = ?2",
);

/// A reader's heart, once; nothing where the reader is not known any more.
pub const GIVE_HEART: Query = Query::new(
    "site.give_heart",
    "INSERT INTO hearts (edition_id, reader_id, at)
     SELECT CAST(?1 AS BIGINT), r.id, CAST(?3 AS BIGINT)
     FROM readers r
     WHERE r.id = ?2
     ON CONFLICT (edition_id, reader_id) DO NOTHING",
);

/// Every query of this slice.
pub const ALL: &[Query] = &[PULSE, NEWEST_OF_EACH, PAGES, HEARTS, HEART_OF, GIVE_HEART];
