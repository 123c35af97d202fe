-- Searching passages by meaning in the database itself, where it has the extension pgvector.
--
-- Nothing here needs the extension: its types stand in texts that are executed or in bodies that are read when they
-- are called, so this file is the same on every server. A process that is told to search here calls
-- prepare_knowledge_vectors at its start, whenever that is: an extension that came later is found then. What it makes
-- is derived: dropping knowledge_vectors loses nothing.

-- A vector's column as its numbers; null unless all are below 2 in size, as those of a vector of length 1 are.
CREATE FUNCTION knowledge_floats(bytes bytea) RETURNS real[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN bool_and(exponent < 128) THEN array_agg(
        (CASE WHEN b3 > 127 THEN -1 ELSE 1 END * (mantissa + CASE WHEN exponent > 0 THEN 8388608 ELSE 0 END)
            * power(2::double precision, least(greatest(exponent, 1), 254) - 150))::real
        ORDER BY place) END
    FROM (
        SELECT place, b3, (b3 & 127) * 2 + (b2 >> 7) AS exponent, (b2 & 127) * 65536 + b1 * 256 + b0 AS mantissa
        FROM (
            SELECT place, get_byte(bytes, place) AS b0, get_byte(bytes, place + 1) AS b1,
                get_byte(bytes, place + 2) AS b2, get_byte(bytes, place + 3) AS b3
            FROM generate_series(0, length(bytes) - 4, 4) AS place
        ) AS read
    ) AS parted
$$;

-- Keeps the vector of a passage that may be found beside it. One of other dimensions is none. Where the table or the
-- extension was dropped, documents are kept all the same.
CREATE FUNCTION keep_knowledge_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('knowledge_vectors') AND a.attname = 'embedding'
    ) THEN
        RETURN NULL;
    END IF;
    DELETE FROM knowledge_vectors v WHERE v.document_id = NEW.document_id AND v.number = NEW.number;
    IF NEW.flagged IS NULL AND length(NEW.vector) = 4 * TG_ARGV[0]::integer THEN
        INSERT INTO knowledge_vectors
        SELECT NEW.document_id, NEW.number, NEW.passage_key, NEW.model, floats::halfvec
        FROM knowledge_floats(NEW.vector) AS floats WHERE floats IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;

-- Makes what searching here takes, once; says 'ready', or why it cannot be: 'absent', 'forbidden' or 'too old'.
CREATE FUNCTION prepare_knowledge_vectors(dimensions integer) RETURNS text LANGUAGE plpgsql
-- Enough for the index of some 300,000 passages to be built at once; only what is needed is taken.
SET maintenance_work_mem = '512MB' SET client_min_messages = warning
AS $$
DECLARE
    installed text;
    kept integer;
BEGIN
    -- Replicas that start at once take turns.
    PERFORM pg_advisory_xact_lock(5190228634873012937);
    SELECT e.extversion INTO installed FROM pg_extension e WHERE e.extname = 'vector';
    IF NOT FOUND THEN
        IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
            RETURN 'absent';
        END IF;
        BEGIN
            CREATE EXTENSION vector;
        EXCEPTION WHEN insufficient_privilege THEN
            RETURN 'forbidden';
        END;
        SELECT e.extversion INTO installed FROM pg_extension e WHERE e.extname = 'vector';
    END IF;
    -- Scans that go on until the filters let enough through came with 0.8.
    IF string_to_array(substring(installed FROM '^\d+\.\d+'), '.')::integer[] < ARRAY[0, 8] THEN
        RETURN 'too old';
    END IF;
    SELECT a.atttypmod INTO kept FROM pg_attribute a
    WHERE a.attrelid = to_regclass('knowledge_vectors') AND a.attname = 'embedding';
    IF kept = dimensions THEN
        RETURN 'ready';
    END IF;
    DROP TRIGGER IF EXISTS knowledge_vectors_follow ON knowledge_passages;
    DROP TABLE IF EXISTS knowledge_vectors;
    EXECUTE format($ddl$
        CREATE TABLE knowledge_vectors (
            document_id text    COLLATE "C" NOT NULL,
            number      integer NOT NULL,
            passage_key text    NOT NULL,
            model       text    NOT NULL,
            embedding   halfvec(%1$s) NOT NULL,
            PRIMARY KEY (document_id, number),
            FOREIGN KEY (document_id, number) REFERENCES knowledge_passages ON DELETE CASCADE
        );
        CREATE TRIGGER knowledge_vectors_follow AFTER INSERT OR UPDATE OF vector ON knowledge_passages FOR EACH ROW
            WHEN (NEW.vector IS NOT NULL) EXECUTE FUNCTION keep_knowledge_vector(%1$s);
        INSERT INTO knowledge_vectors
        SELECT p.document_id, p.number, p.passage_key, p.model, floats::halfvec
        FROM knowledge_passages p CROSS JOIN LATERAL knowledge_floats(p.vector) AS floats
        WHERE p.flagged IS NULL AND length(p.vector) = 4 * %1$s AND floats IS NOT NULL;
        CREATE INDEX knowledge_vectors_by_key ON knowledge_vectors (passage_key);
        CREATE INDEX knowledge_vectors_near ON knowledge_vectors USING hnsw (embedding halfvec_ip_ops);
        ANALYZE knowledge_vectors;
    $ddl$, dimensions);
    RETURN 'ready';
END
$$;

-- The passages nearest to each of the questions that a reader may find, and those of the keys, each with its cosine
-- to every question. Questions are vectors of one length, one behind the other.
--
-- The scan goes on until the filters let enough through, within bounds of pgvector's own. Filters are planned with
-- their values, so that a narrow one is answered by its documents and not by the index.
CREATE FUNCTION nearest_knowledge(
    the_model text, questions real[], how_many integer, audiences text[], the_category text, the_day text,
    wanted integer, keys text[]
) RETURNS TABLE (passage_key text, cosines real[]) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_sort = on SET enable_bitmapscan = on
AS $$
#variable_conflict use_column
DECLARE
    size integer := cardinality(questions) / greatest(how_many, 1);
BEGIN
    -- Not in the head of the function: where the extension is not loaded, only a superuser may name its settings there.
    PERFORM set_config('hnsw.ef_search', '100', true), set_config('hnsw.iterative_scan', 'strict_order', true);
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT place, questions[(place - 1) * size + 1:place * size]::halfvec AS vector
        FROM generate_series(1, how_many) AS place
    ), found AS MATERIALIZED (
        SELECT near.passage_key
        FROM asked CROSS JOIN LATERAL (
            SELECT v.passage_key
            FROM knowledge_vectors v JOIN knowledge_documents d ON d.id = v.document_id
            WHERE v.model = the_model AND d.quarantined IS NULL AND d.audience = ANY (audiences)
                AND (the_category IS NULL OR d.category = the_category)
                AND (d.valid_from IS NULL OR d.valid_from <= the_day)
                AND (d.valid_until IS NULL OR d.valid_until >= the_day)
            ORDER BY v.embedding <#> asked.vector
            LIMIT wanted
        ) AS near
        UNION
        SELECT key FROM unnest(keys) AS key
    )
    SELECT DISTINCT ON (v.passage_key) v.passage_key,
        ARRAY(SELECT (-(v.embedding <#> asked.vector))::real FROM asked ORDER BY asked.place)
    FROM found JOIN knowledge_vectors v ON v.passage_key = found.passage_key AND v.model = the_model;
END
$$;
