UPDATE knowledge_passages SET model = ?2, vector = ?3
WHERE passage_key = ?1 AND model IS NOT ?2
