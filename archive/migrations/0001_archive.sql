-- +goose Up
-- The first bytes of the word dossier mark the file as ours.
PRAGMA application_id = 1685025651;

-- States are checked with OR: for IN with more than two values SQLite makes a
-- temporary table at each insert, which costs more than the insert.

-- One crawl of one site.
CREATE TABLE runs (
    id         INTEGER PRIMARY KEY,
    site       TEXT    NOT NULL,
    started    TEXT    NOT NULL,
    ended      TEXT    NOT NULL DEFAULT '',
    state      TEXT    NOT NULL CHECK (state = 'running' OR state = 'finished' OR state = 'interrupted' OR state = 'failed'),
    patterns   TEXT    NOT NULL,               -- digest of what the configuration says about links
    requests   INTEGER NOT NULL DEFAULT 0,
    bytes      INTEGER NOT NULL DEFAULT 0,
    new        INTEGER NOT NULL DEFAULT 0,
    changed    INTEGER NOT NULL DEFAULT 0,
    unchanged  INTEGER NOT NULL DEFAULT 0,
    duplicate  INTEGER NOT NULL DEFAULT 0,
    listed     INTEGER NOT NULL DEFAULT 0,
    gone       INTEGER NOT NULL DEFAULT 0,
    skipped    INTEGER NOT NULL DEFAULT 0,
    failed     INTEGER NOT NULL DEFAULT 0,
    error      TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX runs_by_site ON runs (site, id);

-- Every address that a site has shown, and where it stands.
CREATE TABLE frontier (
    id            INTEGER PRIMARY KEY,
    site          TEXT    NOT NULL,
    key           TEXT    NOT NULL,            -- equal for addresses that are the same page
    url           TEXT    NOT NULL,
    host          TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind = 'start' OR kind = 'list' OR kind = 'article' OR kind = 'maybe' OR kind = 'feed' OR kind = 'sitemap'),
    state         TEXT    NOT NULL CHECK (state = 'pending' OR state = 'leased' OR state = 'done' OR state = 'failed'),
    priority      INTEGER NOT NULL,            -- the least is asked first
    due           INTEGER NOT NULL DEFAULT 0,  -- Unix milliseconds; not asked before
    attempts      INTEGER NOT NULL DEFAULT 0,  -- in the current run
    failures      INTEGER NOT NULL DEFAULT 0,  -- runs in a row
    depth         INTEGER NOT NULL DEFAULT 0,
    chain         TEXT    NOT NULL DEFAULT '', -- key of the list that this page continues
    stale         INTEGER NOT NULL DEFAULT 0,
    digest        TEXT    NOT NULL DEFAULT '',
    witness_title TEXT    NOT NULL DEFAULT '',
    witness_date  TEXT    NOT NULL DEFAULT '',
    canonical     TEXT    NOT NULL DEFAULT '', -- key of the address to be asked first
    etag          TEXT    NOT NULL DEFAULT '',
    last_modified TEXT    NOT NULL DEFAULT '',
    status        TEXT    NOT NULL DEFAULT '', -- of the last outcome
    reason        TEXT    NOT NULL DEFAULT '',
    record        INTEGER REFERENCES records (seq),
    revisit       INTEGER,                     -- Unix milliseconds; asked again by a run after that
    shown_by      INTEGER,                     -- the start page that shows it among its first
    discovered    INTEGER NOT NULL,            -- run
    asked         INTEGER NOT NULL DEFAULT 0,  -- last run
    UNIQUE (site, key)
);
CREATE INDEX frontier_pending ON frontier (site, host, priority, id) WHERE state = 'pending';
CREATE INDEX frontier_leased  ON frontier (site) WHERE state = 'leased';
CREATE INDEX frontier_failed  ON frontier (site, due) WHERE state = 'failed';
CREATE INDEX frontier_lists   ON frontier (site) WHERE kind IN ('start', 'list', 'feed', 'sitemap');
CREATE INDEX frontier_revisit ON frontier (site, revisit) WHERE revisit IS NOT NULL;
CREATE INDEX frontier_shown   ON frontier (site, shown_by) WHERE shown_by IS NOT NULL;

-- How each attempt at an address ended.
CREATE TABLE observations (
    id       INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL REFERENCES runs (id),
    address  INTEGER NOT NULL REFERENCES frontier (id),
    at       TEXT    NOT NULL,
    status   TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    http     INTEGER NOT NULL,                 -- 0: no answer
    record   INTEGER REFERENCES records (seq),
    page     INTEGER REFERENCES pages (id)
);
CREATE INDEX observations_by_address ON observations (address, id);
CREATE INDEX observations_by_run     ON observations (run, id);
CREATE INDEX observations_by_page    ON observations (page) WHERE page IS NOT NULL;
CREATE INDEX observations_by_record  ON observations (record, id) WHERE record IS NOT NULL;

-- Pages as they were fetched.
CREATE TABLE pages (
    id         INTEGER PRIMARY KEY,
    site       TEXT    NOT NULL,
    url        TEXT    NOT NULL,               -- asked for
    final_url  TEXT    NOT NULL,               -- answered
    fetched_at TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    proto      TEXT    NOT NULL,
    request    TEXT    NOT NULL,               -- headers, JSON
    header     TEXT    NOT NULL,               -- head of the answer as it came; JSON of the headers where it begins with {
    sha256     BLOB    NOT NULL,               -- of the body
    size       INTEGER NOT NULL,               -- of the body, unpacked
    codec      TEXT    NOT NULL CHECK (codec = 'zstd'),
    base       INTEGER REFERENCES pages (id),  -- dictionary that it was packed with
    body       BLOB    NOT NULL
);
CREATE INDEX pages_alone ON pages (site, id) WHERE base IS NULL;
CREATE INDEX pages_on    ON pages (base) WHERE base IS NOT NULL;
CREATE INDEX pages_by_digest ON pages (sha256);

-- Archived articles. What they say stands in their versions.
CREATE TABLE records (
    seq        INTEGER PRIMARY KEY,            -- order of archiving
    id         TEXT    NOT NULL UNIQUE,
    site       TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    first_seen TEXT    NOT NULL,
    last_seen  TEXT    NOT NULL,
    gone       TEXT    NOT NULL DEFAULT '',    -- confirmed
    missed     INTEGER NOT NULL DEFAULT 0,     -- observations in a row that it is gone
    missed_at  TEXT    NOT NULL DEFAULT '',    -- the first of them
    doc        INTEGER NOT NULL DEFAULT 0      -- in the search index: day of the record * 2^32 + seq
);
CREATE INDEX records_by_site ON records (site, seq);
CREATE UNIQUE INDEX records_by_day ON records (doc);
CREATE INDEX records_by_site_day ON records (site, doc);

CREATE TABLE versions (
    record    INTEGER NOT NULL REFERENCES records (seq),
    number    INTEGER NOT NULL,
    created   TEXT    NOT NULL,
    origin    TEXT    NOT NULL CHECK (origin = 'crawl' OR origin = 'reread' OR origin = 'import'),
    page      INTEGER REFERENCES pages (id),
    title     TEXT    NOT NULL,
    date      TEXT    NOT NULL,
    author    TEXT,
    source    TEXT,
    body      TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    more      TEXT    NOT NULL,                -- further fields, JSON
    evidence  TEXT    NOT NULL,                -- JSON
    sha256    TEXT    NOT NULL,                -- of title, date, author, source and body
    text_hash BLOB,                            -- of title and body, normalised; NULL without body
    PRIMARY KEY (record, number)
);
CREATE INDEX versions_by_text ON versions (text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX versions_by_page ON versions (page) WHERE page IS NOT NULL;

-- The words of the current versions, folded and split by the program. The
-- column site holds a token for the site and the token of all records.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, author, source, site,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- Eight segments are merged at a time, not four: less work for a crawl, a little more for a search.
INSERT INTO search (search, rank) VALUES ('automerge', 8);

-- Sketches of the current texts: two texts that share a band may be alike.
CREATE TABLE sketches (
    record INTEGER PRIMARY KEY REFERENCES records (seq),
    hashes BLOB NOT NULL
);
CREATE TABLE bands (
    band   INTEGER NOT NULL,
    record INTEGER NOT NULL REFERENCES records (seq),
    PRIMARY KEY (band, record)
) WITHOUT ROWID;
CREATE TABLE similar (
    record INTEGER NOT NULL REFERENCES records (seq),
    other  INTEGER NOT NULL REFERENCES records (seq), -- archived before
    score  REAL    NOT NULL,                          -- share of equal word groups, 0 to 1
    PRIMARY KEY (record, other)
) WITHOUT ROWID;
CREATE INDEX similar_other ON similar (other);

-- How far long jobs have come.
CREATE TABLE jobs (
    name  TEXT PRIMARY KEY,
    state TEXT NOT NULL
);

-- The addresses of a record. The one without reason is its own.
CREATE TABLE addresses (
    key        TEXT    NOT NULL,
    site       TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    record     INTEGER NOT NULL REFERENCES records (seq),
    reason     TEXT    NOT NULL CHECK (reason = '' OR reason = 'redirect' OR reason = 'canonical' OR reason = 'repost'),
    first_seen TEXT    NOT NULL,
    last_seen  TEXT    NOT NULL,
    PRIMARY KEY (key, site)
);
CREATE INDEX addresses_by_record ON addresses (record);

CREATE TABLE robots (
    origin     TEXT    PRIMARY KEY,
    status     INTEGER NOT NULL,               -- 0: no answer
    fetched_at TEXT    NOT NULL,
    body       BLOB    NOT NULL
);
