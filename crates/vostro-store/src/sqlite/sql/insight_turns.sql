SELECT id, session_id, version, customer_id, at, message_masked, intent, disposition, verdict, by_model,
    took_us, model_tokens, model_micro_dollars
FROM turns
WHERE at >= ?1 AND at < ?2 AND disposition IS NOT NULL
    AND (?3 IS NULL OR disposition = ?3)
    AND (?4 IS NULL OR intent = ?4)
    AND (?5 IS NULL OR verdict = ?5)
ORDER BY at DESC, pk DESC
LIMIT ?6
