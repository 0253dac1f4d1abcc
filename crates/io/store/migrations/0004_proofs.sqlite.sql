-- The signed log of what was sent: each entry holds the hash of the one before.
CREATE TABLE proofs (
    number INTEGER PRIMARY KEY,
    dispatch_id INTEGER NOT NULL,
    entry TEXT NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE INDEX proofs_dispatch ON proofs (dispatch_id, number);
