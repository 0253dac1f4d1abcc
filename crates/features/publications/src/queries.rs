//! Questions about publications.

use store::Query;

/// A publication by its slug.
pub const BY_SLUG: Query = Query::new(
    "publications.by_slug",
    "SELECT id, slug, name, tagline, description, from_name, from_address, reply_to, language, time_zone,
        postal_address, look, in_doubt, created_at
     FROM publications
     WHERE slug = ?1",
);

/// A publication by its number.
pub const BY_ID: Query = Query::new(
    "publications.by_id",
    "SELECT id, slug, name, tagline, description, from_name, from_address, reply_to, language, time_zone,
        postal_address, look, in_doubt, created_at
     FROM publications
     WHERE id = ?1",
);

/// Every publication, in the order in which they were made.
pub const EVERY: Query = Query::new(
    "publications.every",
    "SELECT id, slug, name, tagline, description, from_name, from_address, reply_to, language, time_zone,
        postal_address, look, in_doubt, created_at
     FROM publications
     ORDER BY id",
);

/// The sister letters of a publication.
pub const SISTERS: Query = Query::new(
    "publications.sisters",
    "SELECT p.id, p.slug, p.name, p.tagline, p.description, p.from_name, p.from_address, p.reply_to, p.language,
        p.time_zone, p.postal_address, p.look, p.in_doubt, p.created_at
     FROM sisters s
     JOIN publications p ON p.id = s.sister_id
     WHERE s.publication_id = ?1
     ORDER BY p.id",
);

/// A new publication.
pub const CREATE: Query = Query::new(
    "publications.create",
    "INSERT INTO publications (slug, name, tagline, description, from_name, from_address, reply_to, language,
        time_zone, postal_address, look, in_doubt, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
     RETURNING id",
);

/// Everything an author may change; the slug stays.
pub const CHANGE: Query = Query::new(
    "publications.change",
    "UPDATE publications
     SET name = ?2, tagline = ?3, description = ?4, from_name = ?5, from_address = ?6, reply_to = ?7, language = ?8,
        time_zone = ?9, postal_address = ?10, look = ?11, in_doubt = ?12
     WHERE id = ?1",
);

/// Names another letter as a sister.
pub const TIE: Query = Query::new(
    "publications.tie",
    "INSERT INTO sisters (publication_id, sister_id)
     VALUES (?1, ?2)
     ON CONFLICT (publication_id, sister_id) DO NOTHING",
);

/// Keeps a signing key.
pub const KEEP_KEY: Query = Query::new(
    "publications.keep_key",
    "INSERT INTO signing_keys (domain, selector, private_key, created_at)
     VALUES (?1, ?2, ?3, ?4)",
);

/// The newest signing key of a domain.
pub const KEY: Query = Query::new(
    "publications.key",
    "SELECT selector, private_key
     FROM signing_keys
     WHERE domain = ?1
     ORDER BY created_at DESC, id DESC
     LIMIT 1",
);

/// Every query of this slice.
pub const ALL: &[Query] = &[BY_SLUG, BY_ID, EVERY, SISTERS, CREATE, CHANGE, TIE, KEEP_KEY, KEY];
