SELECT id, source, title, category, tags, audience, language, version, updated, valid_from, valid_until, content_hash,
    quarantined, body
FROM knowledge_documents
WHERE id > ?1
ORDER BY id
LIMIT ?2
