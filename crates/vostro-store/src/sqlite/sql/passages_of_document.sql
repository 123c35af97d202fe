SELECT passage_key, headings, start_char, end_char, tokens, flagged, model, vector
FROM knowledge_passages
WHERE document_id = ?1
ORDER BY number
