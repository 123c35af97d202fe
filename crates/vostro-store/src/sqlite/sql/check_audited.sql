SELECT t.id
FROM transfers t
LEFT JOIN customers c ON c.pk = t.customer_pk
WHERE t.status = 'posted'
    AND t.idempotency_key IS NOT NULL
    AND t.resolved_at > coalesce(c.audit_erased_at, t.resolved_at - 1)
    AND t.id NOT IN (
        SELECT d.detail ->> '$.transfer' FROM audit_details d WHERE d.detail ->> '$.transfer' IS NOT NULL
    )
ORDER BY t.pk
