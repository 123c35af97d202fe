SELECT min(sequence), max(sequence)
FROM entries
WHERE customer_pk = ?1 AND posted_at >= ?2 AND posted_at < ?3
