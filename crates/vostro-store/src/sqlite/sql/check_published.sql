SELECT t.id
FROM transfers t
WHERE t.status = 'posted'
    AND t.idempotency_key IS NOT NULL
    AND t.resolved_at > ?1
    AND t.id NOT IN (
        SELECT o.payload ->> '$.transfer' FROM outbox o WHERE o.payload ->> '$.transfer' IS NOT NULL
    )
ORDER BY t.pk
