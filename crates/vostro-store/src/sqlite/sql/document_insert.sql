INSERT INTO knowledge_documents (id, source, title, category, tags, audience, language, version, updated, valid_from,
    valid_until, content_hash, quarantined, body, revision, ingested_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
