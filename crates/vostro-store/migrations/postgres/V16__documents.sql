-- The documents that were ingested into the knowledge base, and the number that each change of them raises.
CREATE TABLE knowledge_state (
    one     integer PRIMARY KEY CHECK (one = 1),
    version bigint  NOT NULL CHECK (version >= 0)
);
INSERT INTO knowledge_state (one, version) VALUES (1, 0);

CREATE TABLE knowledge_documents (
    id           text    COLLATE "C" PRIMARY KEY,
    source       text    NOT NULL,
    title        text    NOT NULL,
    category     text    NOT NULL,
    tags         text[]  NOT NULL,
    audience     text    NOT NULL CHECK (audience IN ('public', 'customer', 'staff')),
    language     text    NOT NULL,
    version      bigint  NOT NULL CHECK (version > 0),
    updated      text    NOT NULL,
    valid_from   text,
    valid_until  text,
    content_hash text    NOT NULL,
    quarantined  text,
    body         text    NOT NULL,
    revision     bigint  NOT NULL,
    ingested_at  bigint  NOT NULL
);

-- A passage's text is start_char..end_char of its document's body. A vector is little-endian 32-bit floats.
CREATE TABLE knowledge_passages (
    document_id text    COLLATE "C" NOT NULL REFERENCES knowledge_documents (id) ON DELETE CASCADE,
    number      integer NOT NULL CHECK (number > 0),
    passage_key text    NOT NULL,
    headings    text    NOT NULL,
    start_char  bigint  NOT NULL CHECK (start_char >= 0),
    end_char    bigint  NOT NULL,
    tokens      bigint  NOT NULL,
    flagged     text,
    model       text,
    vector      bytea,
    PRIMARY KEY (document_id, number),
    CHECK (end_char >= start_char),
    CHECK ((model IS NULL) = (vector IS NULL))
);
CREATE INDEX knowledge_passages_by_key ON knowledge_passages (passage_key);

-- Writes a document in the place of the one with its id. The knowledge version's row is locked first, so
-- versions are committed in their order.
CREATE FUNCTION put_knowledge_document(
    the_id text, the_source text, the_title text, the_category text, the_tags text[], the_audience text,
    the_language text, the_version bigint, the_updated text, valid_since text, valid_to text, the_hash text,
    the_quarantine text, the_body text,
    keys text[], the_headings text[], starts bigint[], ends bigint[], sizes bigint[], flags text[],
    models text[], vectors bytea[], at bigint,
    OUT created boolean, OUT revision bigint
) LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint;
BEGIN
    UPDATE knowledge_state s SET version = s.version + 1 WHERE one = 1 RETURNING s.version INTO now_at;
    DELETE FROM knowledge_documents d WHERE d.id = the_id;
    created := NOT FOUND;
    revision := now_at;
    INSERT INTO knowledge_documents VALUES (
        the_id, the_source, the_title, the_category, the_tags, the_audience, the_language, the_version, the_updated,
        valid_since, valid_to, the_hash, the_quarantine, the_body, now_at, at
    );
    INSERT INTO knowledge_passages
    SELECT the_id, p.number, p.passage_key, p.headings, p.start_char, p.end_char, p.tokens, p.flagged, p.model, p.vector
    FROM unnest(keys, the_headings, starts, ends, sizes, flags, models, vectors) WITH ORDINALITY
        AS p (passage_key, headings, start_char, end_char, tokens, flagged, model, vector, number);
END
$$;

-- Removes a document; gives the knowledge version since then, or null when there is none of this id.
CREATE FUNCTION remove_knowledge_document(the_id text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint;
BEGIN
    PERFORM FROM knowledge_state WHERE one = 1 FOR UPDATE;
    DELETE FROM knowledge_documents d WHERE d.id = the_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE knowledge_state s SET version = s.version + 1 WHERE one = 1 RETURNING s.version INTO now_at;
    RETURN now_at;
END
$$;
