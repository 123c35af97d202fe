-- The documents that were ingested into the knowledge base, and the number that each change of them raises.
CREATE TABLE knowledge_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL CHECK (version >= 0)
) STRICT;
INSERT INTO knowledge_state (one, version) VALUES (1, 0);

CREATE TABLE knowledge_documents (
    id           TEXT    PRIMARY KEY,
    source       TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    tags         TEXT    NOT NULL CHECK (json_valid(tags)),
    audience     TEXT    NOT NULL CHECK (audience IN ('public', 'customer', 'staff')),
    language     TEXT    NOT NULL,
    version      INTEGER NOT NULL CHECK (version > 0),
    updated      TEXT    NOT NULL,
    valid_from   TEXT,
    valid_until  TEXT,
    content_hash TEXT    NOT NULL,
    quarantined  TEXT,
    body         TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    ingested_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A passage's text is start_char..end_char of its document's body. A vector is little-endian 32-bit floats.
CREATE TABLE knowledge_passages (
    document_id TEXT    NOT NULL REFERENCES knowledge_documents (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number > 0),
    passage_key TEXT    NOT NULL,
    headings    TEXT    NOT NULL CHECK (json_valid(headings)),
    start_char  INTEGER NOT NULL CHECK (start_char >= 0),
    end_char    INTEGER NOT NULL,
    tokens      INTEGER NOT NULL,
    flagged     TEXT,
    model       TEXT,
    vector      BLOB,
    PRIMARY KEY (document_id, number),
    CHECK (end_char >= start_char),
    CHECK ((model IS NULL) = (vector IS NULL))
) STRICT;
CREATE INDEX knowledge_passages_by_key ON knowledge_passages (passage_key);
