-- What came back about a mail, once for each event. Never changed.
CREATE TABLE returns (
    id INTEGER PRIMARY KEY,
    event_key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    publication_id INTEGER,
    dispatch_id INTEGER,
    reader_id INTEGER,
    address TEXT,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT,
    words TEXT
) STRICT;
CREATE INDEX returns_publication ON returns (publication_id, received_at);
CREATE INDEX returns_reader ON returns (reader_id, received_at);
CREATE INDEX returns_dispatch ON returns (dispatch_id);

-- Editions that came back softly, until one arrives; by address, as suppressions are.
CREATE TABLE soft_returns (
    suppression_key BLOB NOT NULL,
    edition_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (suppression_key, edition_id)
) STRICT, WITHOUT ROWID;

-- What readers wrote back, without what they quoted.
CREATE TABLE replies (
    id INTEGER PRIMARY KEY,
    event_key TEXT NOT NULL UNIQUE,
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    edition_id INTEGER,
    reader_id INTEGER,
    from_address TEXT NOT NULL,
    from_name TEXT,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX replies_publication ON replies (publication_id, received_at);
