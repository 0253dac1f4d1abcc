-- The signed log of what was sent: each entry holds the hash of the one before.
CREATE TABLE proofs (
    number BIGINT PRIMARY KEY,
    dispatch_id BIGINT NOT NULL,
    entry TEXT NOT NULL,
    hash BYTEA NOT NULL,
    signature BYTEA NOT NULL
);
CREATE INDEX proofs_dispatch ON proofs (dispatch_id, number);
