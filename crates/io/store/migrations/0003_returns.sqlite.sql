-- What came back about a mail, once for each event. Never changed, but for what is forgotten with its reader.
-- followed: what it led to. address: only where it belongs to no reader that we know.
CREATE TABLE returns (
    id INTEGER PRIMARY KEY,
    event_key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    publication_id INTEGER,
    dispatch_id INTEGER,
    reader_id INTEGER,
    suppression_key BLOB,
    address TEXT,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT,
    words TEXT,
    followed TEXT NOT NULL
) STRICT;
CREATE INDEX returns_publication ON returns (publication_id, received_at);
CREATE INDEX returns_reader ON returns (reader_id, received_at);
CREATE INDEX returns_dispatch ON returns (dispatch_id, action);
CREATE INDEX returns_suppression_key ON returns (suppression_key);

-- Editions that came back softly, until one arrives; by address, as suppressions are.
CREATE TABLE soft_returns (
    suppression_key BLOB NOT NULL,
    edition_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (suppression_key, edition_id)
) STRICT, WITHOUT ROWID;

-- How far the answers in a dispatch's ledger were read. upto: the last place. looked_at: when all of it was last
-- looked at from the start. done: it was over by then.
CREATE TABLE answers_read (
    dispatch_id INTEGER PRIMARY KEY,
    upto INTEGER NOT NULL,
    looked_at INTEGER NOT NULL,
    done INTEGER NOT NULL
) STRICT;

-- Proofs that do not cover what they prove: each is good for one event.
CREATE TABLE spent_proofs (
    proof TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_proofs_at ON spent_proofs (at);

-- What readers wrote back, without what they quoted. door: the address it came to. from_address: only where it is
-- not the reader's own. whole: 0 where it was too large to be read.
CREATE TABLE replies (
    id INTEGER PRIMARY KEY,
    event_key TEXT NOT NULL UNIQUE,
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    edition_id INTEGER,
    reader_id INTEGER,
    suppression_key BLOB,
    door TEXT NOT NULL,
    from_address TEXT,
    from_name TEXT,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    attachments INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX replies_publication ON replies (publication_id, received_at);
CREATE INDEX replies_reader ON replies (reader_id);
CREATE INDEX replies_suppression_key ON replies (suppression_key);
