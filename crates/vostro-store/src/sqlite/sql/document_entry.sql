SELECT d.id, d.source, d.title, d.category, d.tags, d.audience, d.language, d.version, d.updated, d.valid_from,
    d.valid_until, d.content_hash, d.quarantined, d.revision, d.ingested_at,
    (SELECT count(*) FROM knowledge_passages p WHERE p.document_id = d.id),
    (SELECT count(p.flagged) FROM knowledge_passages p WHERE p.document_id = d.id)
FROM knowledge_documents d
WHERE d.id = ?1
