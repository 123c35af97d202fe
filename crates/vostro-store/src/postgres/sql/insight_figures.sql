-- Sums over turns from $1 until before $2, by the 24 hours since $1 and what they have in common.
SELECT (at - $1::bigint) / 86400000000 AS day, disposition, intent, verdict, by_model, count(*) AS turns,
    sum(model_tokens)::bigint AS model_tokens, sum(model_micro_dollars)::bigint AS model_micro_dollars
FROM turns
WHERE at >= $1::bigint AND at < $2::bigint AND disposition IS NOT NULL
GROUP BY day, disposition, intent, verdict, by_model
ORDER BY day, disposition COLLATE "C", intent COLLATE "C" NULLS FIRST, verdict COLLATE "C", by_model
