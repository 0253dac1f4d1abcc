//! The signed log of what was sent.

use store::Query;

/// What an entry says of a dispatch beyond its numbers: hash of the letter, beginning, kind, and two names.
pub const TO_PROVE: Query = Query::new(
    "dispatch.to_prove",
    "SELECT d.letter_hash, d.started_at, d.kind, e.slug, p.slug
     FROM dispatches d
     JOIN editions e ON e.id = d.edition_id
     JOIN publications p ON p.id = d.publication_id
     WHERE d.id = ?1",
);

/// The end of the chain.
pub const NEWEST_PROOF: Query = Query::new(
    "dispatch.newest_proof",
    "SELECT number, hash
     FROM proofs
     ORDER BY number DESC
     LIMIT 1",
);

/// The next entry. Of two at once the second finds the number taken, and begins anew from the first.
pub const ADD_PROOF: Query = Query::new(
    "dispatch.add_proof",
    "INSERT INTO proofs (number, dispatch_id, entry, hash, signature)
     VALUES (?1, ?2, ?3, ?4, ?5)",
);

/// Touches a dispatch only while it has no letter: one that ends without an entry.
pub const WITHOUT_LETTER: Query = Query::new(
    "dispatch.without_letter",
    "UPDATE dispatches
     SET state = state
     WHERE id = ?1 AND letter_hash IS NULL",
);

/// The log from a number on, each entry with the hash of the letter that is kept.
pub const PROOFS: Query = Query::new(
    "dispatch.proofs",
    "SELECT p.number, p.entry, p.hash, p.signature, d.letter_hash
     FROM proofs p
     LEFT JOIN dispatches d ON d.id = p.dispatch_id
     WHERE p.number > ?1
     ORDER BY p.number
     LIMIT ?2",
);

/// Dispatches that ended with a letter, and have no entry.
pub const UNPROVEN: Query = Query::new(
    "dispatch.unproven",
    "SELECT d.id, d.finished_at
     FROM dispatches d
     WHERE d.state >= 4 AND d.letter_hash IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM proofs p WHERE p.dispatch_id = d.id)
     ORDER BY d.id",
);

/// The entry of a dispatch; the last one, should it have ended twice.
pub const PROOF_OF: Query = Query::new(
    "dispatch.proof_of",
    "SELECT number, entry, hash, signature
     FROM proofs
     WHERE dispatch_id = ?1
     ORDER BY number DESC
     LIMIT 1",
);

/// The newest dispatches of a publication that have a letter.
pub const LETTERS_OF_PUBLICATION: Query = Query::new(
    "dispatch.letters_of_publication",
    "SELECT id
     FROM dispatches
     WHERE publication_id = ?1 AND letter_hash IS NOT NULL
     ORDER BY created_at DESC, id DESC
     LIMIT ?2",
);
