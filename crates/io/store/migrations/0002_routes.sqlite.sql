-- Ways out by name, so that a delivery keeps a small number. trouble: what a way refuses to everybody since when.
CREATE TABLE routes (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    trouble TEXT,
    trouble_at INTEGER
) STRICT;

-- The routes a publication chose, and how much each carries; without rows it uses all that are configured.
CREATE TABLE publication_routes (
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    route_id INTEGER NOT NULL REFERENCES routes (id),
    weight INTEGER NOT NULL,
    PRIMARY KEY (publication_id, route_id)
) STRICT, WITHOUT ROWID;

-- What a route carried to a provider on a day (days since 1970 UTC): what caps and a warm-up go by.
CREATE TABLE route_days (
    route_id INTEGER NOT NULL REFERENCES routes (id),
    provider TEXT NOT NULL,
    day INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    deferred INTEGER NOT NULL,
    bounced INTEGER NOT NULL,
    PRIMARY KEY (route_id, provider, day)
) STRICT, WITHOUT ROWID;

ALTER TABLE deliveries ADD COLUMN route_id INTEGER;

-- spread_over: microseconds over which it is spread, 0: as fast as it goes.
ALTER TABLE dispatches ADD COLUMN spread_over INTEGER NOT NULL DEFAULT 0;
-- local_time: the hour it leaves at in each reader's day, as microseconds of a clock that shows UTC; 0: all at once.
ALTER TABLE dispatches ADD COLUMN local_time INTEGER NOT NULL DEFAULT 0;
-- failed_of: it goes to those whose mail of that dispatch failed.
ALTER TABLE dispatches ADD COLUMN failed_of INTEGER;
ALTER TABLE readers ADD COLUMN time_zone TEXT;
CREATE INDEX readers_time_zone ON readers (time_zone) WHERE time_zone IS NOT NULL;

-- What is due of a dispatch: rows of another one, which waits or is paused, are not looked at.
DROP INDEX deliveries_next;
CREATE INDEX deliveries_next ON deliveries (dispatch_id, next_at) WHERE next_at IS NOT NULL;
