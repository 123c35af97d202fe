SELECT id, session_id, version, customer_id, at, message_masked, intent, disposition, verdict, by_model,
    took_us, model_tokens, model_micro_dollars
FROM turns
WHERE at >= $1::bigint AND at < $2::bigint AND disposition IS NOT NULL
    AND ($3::text IS NULL OR disposition = $3::text)
    AND ($4::text IS NULL OR intent = $4::text)
    AND ($5::text IS NULL OR verdict = $5::text)
ORDER BY at DESC, pk DESC
LIMIT $6::bigint
