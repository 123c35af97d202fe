SELECT d.id, d.source, d.title, d.category, d.tags, d.audience, d.language, d.version, d.updated, d.valid_from,
    d.valid_until, d.content_hash, d.quarantined, d.body, p.*
FROM knowledge_documents d
CROSS JOIN LATERAL (
    SELECT array_agg(s.passage_key ORDER BY s.number) AS keys, array_agg(s.headings ORDER BY s.number) AS headings,
        array_agg(s.start_char ORDER BY s.number) AS starts, array_agg(s.end_char ORDER BY s.number) AS ends,
        array_agg(s.tokens ORDER BY s.number) AS sizes, array_agg(s.flagged ORDER BY s.number) AS flags,
        array_agg(s.model ORDER BY s.number) AS models, array_agg(s.vector ORDER BY s.number) AS vectors
    FROM knowledge_passages s
    WHERE s.document_id = d.id
) p
WHERE d.id > $1
ORDER BY d.id
LIMIT $2
