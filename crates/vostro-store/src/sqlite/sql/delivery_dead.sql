SELECT d.endpoint, d.sequence, o.topic, d.attempts, d.published_at, d.resolved_at, d.outcome, d.http_status
FROM outbox_deliveries d
JOIN outbox o ON o.sequence = d.sequence
WHERE d.status = 'dead' AND (d.endpoint, d.sequence) > (?1, ?2)
ORDER BY d.endpoint, d.sequence
LIMIT ?3
