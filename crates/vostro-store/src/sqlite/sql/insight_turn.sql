SELECT id, session_id, version, customer_id, at, message_masked, intent, disposition, verdict, by_model,
    took_us, model_tokens, model_micro_dollars, reply_masked, events
FROM turns
WHERE id = ?1 AND disposition IS NOT NULL
