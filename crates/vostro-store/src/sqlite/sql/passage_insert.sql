INSERT INTO knowledge_passages (document_id, number, passage_key, headings, start_char, end_char, tokens, flagged, model,
    vector)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
