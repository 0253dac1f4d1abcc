//! Questions of imports and exports: about thousands of readers at once.

use store::{Query, Value};

/// Which of these addresses are known, and how they stand here.
pub const KNOWN: Query = Query::new(
    "audience.known",
    "SELECT r.email_key, r.id, r.first_name, r.last_name, r.language, s.state, r.time_zone
     FROM {list_text:?1}
     JOIN readers r ON r.email_key = value
     LEFT JOIN subscriptions s ON s.publication_id = ?2 AND s.reader_id = r.id",
);

/// The tags that these readers have here. The order of a CROSS JOIN stands: SQLite would else walk the list for every
/// tag of the publication.
pub const KNOWN_TAGS: Query = Query::new(
    "audience.known_tags",
    "SELECT t.reader_id, t.tag
     FROM {list_int:?1}
     CROSS JOIN reader_tags t
     WHERE t.reader_id = value AND t.publication_id = ?2",
);

/// A reader of a file.
pub const ADD_READER: Query = Query::new(
    "audience.add_reader",
    "INSERT INTO readers (email, email_key, suppression_key, domain, first_name, last_name, language, created_at,
        time_zone)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
     ON CONFLICT (email_key) DO NOTHING",
);

/// Fills what is empty; what a reader said about themselves stays.
pub const FILL_READER: Query = Query::new(
    "audience.fill_reader",
    "UPDATE readers
     SET first_name = COALESCE(first_name, ?2), last_name = COALESCE(last_name, ?3),
        language = COALESCE(language, ?4), time_zone = COALESCE(time_zone, ?5)
     WHERE id = ?1 AND email <> ''",
);

/// Subscriptions for readers by address; one that exists, in whatever state, is left as it is.
pub const ADD_SUBSCRIPTIONS: Query = Query::new(
    "audience.add_subscriptions",
    "INSERT INTO subscriptions (publication_id, reader_id, state, since, changed_at, source)
     SELECT CAST(?1 AS BIGINT), r.id, CAST(value ->> 's' AS BIGINT), CAST(value ->> 't' AS BIGINT),
        CAST(?2 AS BIGINT), value ->> 'o'
     FROM {list_json:?3}
     JOIN readers r ON r.email_key = value ->> 'k'
     WHERE r.email <> ''
     ON CONFLICT (publication_id, reader_id) DO NOTHING",
);

/// Tags for readers by address.
pub const ADD_TAGS: Query = Query::new(
    "audience.add_tags",
    "INSERT INTO reader_tags (publication_id, tag, reader_id)
     SELECT CAST(?1 AS BIGINT), value ->> 'g', r.id
     FROM {list_json:?2}
     JOIN readers r ON r.email_key = value ->> 'k'
     WHERE r.email <> ''
     ON CONFLICT (publication_id, tag, reader_id) DO NOTHING",
);

/// A departure that a file tells of; a reason that stands already is at least as strong.
pub const ADD_SUPPRESSION: Query = Query::new(
    "audience.add_suppression",
    "INSERT INTO suppressions (suppression_key, publication_id, reason, at)
     VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (suppression_key, publication_id) DO NOTHING",
);

/// Ends the subscriptions of these addresses.
pub const END_SUBSCRIPTIONS: Query = Query::new(
    "audience.end_subscriptions",
    "UPDATE subscriptions
     SET state = 3, changed_at = ?2
     WHERE publication_id = ?1 AND state <> 3
       AND reader_id IN (SELECT r.id FROM {list_text:?3} JOIN readers r ON r.email_key = value)",
);

/// Proofs that a file brings along.
pub const KEEP_CONSENTS: Query = Query::new(
    "audience.keep_consents",
    "INSERT INTO consents (reader_id, publication_id, act, wording, form, network, at)
     SELECT r.id, CAST(?1 AS BIGINT), 'imported', CAST(?2 AS TEXT), 'import', value ->> 'n',
        CAST(value ->> 'a' AS BIGINT)
     FROM {list_json:?3}
     JOIN readers r ON r.email_key = value ->> 'k'
     WHERE r.email <> ''",
);

/// Readers of a publication in the order of their numbers, from one on.
pub const EXPORT_PAGE: Query = Query::new(
    "audience.export_page",
    "SELECT s.reader_id, r.email, r.first_name, r.last_name, r.language, s.state, s.since, s.source,
        r.time_zone
     FROM subscriptions s
     JOIN readers r ON r.id = s.reader_id
     WHERE s.publication_id = ?1 AND s.reader_id > ?2
     ORDER BY s.reader_id
     LIMIT ?3",
);

/// The tags of a run of readers, in the same order.
pub const EXPORT_TAGS: Query = Query::new(
    "audience.export_tags",
    "SELECT t.reader_id, t.tag
     FROM {list_int:?1}
     CROSS JOIN reader_tags t
     WHERE t.reader_id = value AND t.publication_id = ?2
     ORDER BY t.reader_id, t.tag",
);

/// Hashes asked about in one question; always as many placeholders, so that it is prepared once.
pub(crate) const HASHES: usize = 500;

/// Which of at most [`HASHES`] addresses are kept out of a publication.
pub(crate) fn blocked(publication_id: i64, hashes: &[[u8; 16]]) -> (String, Vec<Value>) {
    let places: Vec<String> = (2..HASHES + 2).map(|number| format!("?{number}")).collect();
    let sql = format!(
        "SELECT suppression_key FROM suppressions \
         WHERE publication_id IN (0, CAST(?1 AS BIGINT)) AND suppression_key IN ({})",
        places.join(",")
    );
    let mut params = Vec::with_capacity(HASHES + 1);
    params.push(Value::from(publication_id));
    params.extend(hashes.iter().take(HASHES).map(|hash| Value::from(*hash)));
    let filler = params.last().cloned().unwrap_or(Value::Null);
    params.resize(HASHES + 1, filler);
    (sql, params)
}
