-- How much the database's index of vectors finds of the exact answer, over the passages' vectors in full precision,
-- and how long both take: on a database that Vostro searches by pgvector, some of whose passages are asked as if they
-- were questions.
--
--   psql --quiet -d postgres://… -v questions=200 -f scripts/vector-recall.sql
--
-- Times are the server's, without the way there and back. Nothing is changed.
\if :{?questions}
\else
\set questions 200
\endif
SET enable_sort = on;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TEMP TABLE whole AS
SELECT v.document_id, v.number, v.passage_key, v.model, knowledge_floats(p.vector)::vector AS embedding
FROM knowledge_vectors v JOIN knowledge_passages p USING (document_id, number)
    JOIN knowledge_documents d ON d.id = v.document_id
WHERE d.quarantined IS NULL;
SELECT set_config('vostro.questions', :'questions', false) \g /dev/null
DO $$
DECLARE
    question record;
    began timestamptz;
    exact text[];
    found text[];
    ten integer := 0;
    sixty integer := 0;
    asked integer := 0;
    exact_ms double precision[] := '{}';
    index_ms double precision[] := '{}';
BEGIN
    FOR question IN
        SELECT v.model, v.embedding::real[] AS vector FROM whole v
        ORDER BY md5(v.document_id || v.number) LIMIT current_setting('vostro.questions')::integer
    LOOP
        began := clock_timestamp();
        SELECT array_agg(near.passage_key ORDER BY near.place) INTO exact FROM (
            SELECT v.passage_key, row_number() OVER (ORDER BY v.embedding <#> question.vector::vector) AS place
            FROM whole v WHERE v.model = question.model
            ORDER BY place LIMIT 60
        ) AS near;
        exact_ms := exact_ms || extract(epoch FROM clock_timestamp() - began) * 1000;
        began := clock_timestamp();
        SELECT array_agg(near.passage_key) INTO found FROM nearest_knowledge(
            question.model, question.vector, 1, '{public,customer,staff}', NULL, to_char(now(), 'YYYY-MM-DD'), 60, '{}'
        ) AS near;
        index_ms := index_ms || extract(epoch FROM clock_timestamp() - began) * 1000;
        asked := asked + 1;
        ten := ten + (SELECT count(*) FROM unnest(exact[1:10]) AS key WHERE key = ANY (found));
        sixty := sixty + (SELECT count(*) FROM unnest(exact) AS key WHERE key = ANY (found));
    END LOOP;
    RAISE NOTICE '% questions: recall of the nearest ten %, of sixty %; exact % ms, by the index % ms (p95 %)',
        asked, round(ten / (asked * 10.0), 4), round(sixty / (asked * 60.0), 4),
        (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 2) FROM unnest(exact_ms) AS ms),
        (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 2) FROM unnest(index_ms) AS ms),
        (SELECT round(percentile_cont(0.95) WITHIN GROUP (ORDER BY ms)::numeric, 2) FROM unnest(index_ms) AS ms);
END
$$;
