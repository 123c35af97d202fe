-- Sums over turns from ?1 until before ?2, by the 24 hours since ?1 and what they have in common.
SELECT (at - ?1) / 86400000000 AS day, disposition, intent, verdict, by_model, count(*),
    sum(model_tokens), sum(model_micro_dollars)
FROM turns
WHERE at >= ?1 AND at < ?2 AND disposition IS NOT NULL
GROUP BY day, disposition, intent, verdict, by_model
ORDER BY day, disposition, intent, verdict, by_model
