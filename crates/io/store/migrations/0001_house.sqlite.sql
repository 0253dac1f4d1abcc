-- Times are microseconds since 1970-01-01 UTC; ids of what has few rows are numbers too, so that rows that
-- point to them stay small.

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Programs that work on this instance, and when each was last heard of: what a lease is worth.
CREATE TABLE processes (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    beat_at INTEGER NOT NULL
) STRICT;

CREATE TABLE publications (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    tagline TEXT,
    description TEXT,
    from_name TEXT,
    from_address TEXT NOT NULL,
    reply_to TEXT,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    postal_address TEXT,
    look TEXT NOT NULL,
    in_doubt TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sisters (
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    sister_id INTEGER NOT NULL REFERENCES publications (id),
    PRIMARY KEY (publication_id, sister_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_keys (
    id INTEGER PRIMARY KEY,
    domain TEXT NOT NULL,
    selector TEXT NOT NULL,
    private_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (domain, selector)
) STRICT;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    language TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE sign_in_links (
    token_hash BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX sign_in_links_account ON sign_in_links (account_id);

-- Token buckets that survive a restart: sign-in failures, sign-ups by network prefix.
CREATE TABLE allowances (
    key TEXT PRIMARY KEY,
    tokens REAL NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE readers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    suppression_key BLOB NOT NULL,
    domain TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    language TEXT,
    fields TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX readers_suppression_key ON readers (suppression_key);

-- state: 0 pending, 1 active, 2 paused, 3 ended
CREATE TABLE subscriptions (
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    reader_id INTEGER NOT NULL REFERENCES readers (id),
    state INTEGER NOT NULL,
    since INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (publication_id, reader_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_reader ON subscriptions (reader_id);
CREATE INDEX subscriptions_state ON subscriptions (publication_id, state, since);

-- Proof: what a reader wanted, in which words, where, when. Never changed.
CREATE TABLE consents (
    id INTEGER PRIMARY KEY,
    reader_id INTEGER NOT NULL REFERENCES readers (id),
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    act TEXT NOT NULL,
    wording TEXT NOT NULL,
    form TEXT NOT NULL,
    network TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_reader ON consents (reader_id, publication_id);

CREATE TABLE reader_tags (
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    tag TEXT NOT NULL,
    reader_id INTEGER NOT NULL REFERENCES readers (id),
    PRIMARY KEY (publication_id, tag, reader_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reader_tags_reader ON reader_tags (reader_id);

-- publication_id 0: every publication. The key is a keyed hash of the address: it survives the reader's deletion.
CREATE TABLE suppressions (
    suppression_key BLOB NOT NULL,
    publication_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (suppression_key, publication_id)
) STRICT, WITHOUT ROWID;

-- When an address was last asked to confirm: at most once in 24 hours.
CREATE TABLE confirmations (
    suppression_key BLOB PRIMARY KEY,
    asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    condition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (publication_id, slug)
) STRICT;

-- Machine notices: confirm, sign in. state: as of deliveries.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    message BLOB NOT NULL,
    dedupe TEXT NOT NULL UNIQUE,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    next_at INTEGER,
    process_id INTEGER,
    code INTEGER,
    answer TEXT
) STRICT;
CREATE INDEX notices_next ON notices (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notices_claimed ON notices (process_id) WHERE process_id IS NOT NULL;

CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    number INTEGER,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    scheduled_at INTEGER,
    published_at INTEGER,
    UNIQUE (publication_id, slug)
) STRICT;
CREATE INDEX editions_published ON editions (publication_id, published_at) WHERE published_at IS NOT NULL;
CREATE INDEX editions_updated ON editions (publication_id, updated_at);

-- What was sent, exactly; number 1 is the edition as it left.
CREATE TABLE edition_versions (
    edition_id INTEGER NOT NULL REFERENCES editions (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (edition_id, number)
) STRICT;

-- state: 0 scheduled, 1 freezing, 2 sending, 3 held, 4 finished, 5 stopped
CREATE TABLE dispatches (
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES editions (id),
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    document TEXT NOT NULL,
    state INTEGER NOT NULL,
    letter BLOB,
    letter_hash BLOB,
    readers INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    in_doubt TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    scheduled_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    process_id INTEGER,
    trouble TEXT
) STRICT;
CREATE INDEX dispatches_open ON dispatches (state, scheduled_at) WHERE state < 4;
CREATE INDEX dispatches_edition ON dispatches (edition_id);
CREATE INDEX dispatches_publication ON dispatches (publication_id, created_at);

-- A pause is a row; running is its absence.
CREATE TABLE dispatch_pauses (
    dispatch_id INTEGER PRIMARY KEY REFERENCES dispatches (id),
    why TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE left_out (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    reason TEXT NOT NULL,
    readers INTEGER NOT NULL,
    PRIMARY KEY (dispatch_id, reason)
) STRICT, WITHOUT ROWID;

-- A run of deliveries that one process works on. state: 0 open, 1 leased, 2 closed (no row of it is pending).
CREATE TABLE chunks (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    number INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state INTEGER NOT NULL,
    process_id INTEGER,
    PRIMARY KEY (dispatch_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX chunks_open ON chunks (dispatch_id, number) WHERE state = 0;
CREATE INDEX chunks_leased ON chunks (process_id) WHERE state = 1;

-- The ledger. state: 0 pending, 1 claimed, 2 in doubt, 3 accepted, 4 deferred, 5 failed, 6 skipped.
-- doubts: how often it was in doubt and was sent again.
-- No foreign keys and no wide columns: an edition to 1,000,000 readers writes 1,000,000 of these.
CREATE TABLE deliveries (
    dispatch_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    reader_id INTEGER NOT NULL,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    at INTEGER,
    next_at INTEGER,
    code INTEGER,
    answer TEXT,
    PRIMARY KEY (dispatch_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_next ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_reader ON deliveries (reader_id);

CREATE TABLE hearts (
    edition_id INTEGER NOT NULL REFERENCES editions (id),
    reader_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (edition_id, reader_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE caught_mails (
    id INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    mail_from TEXT NOT NULL,
    rcpt_to TEXT NOT NULL,
    subject TEXT NOT NULL,
    size INTEGER NOT NULL,
    message BLOB NOT NULL
) STRICT;
