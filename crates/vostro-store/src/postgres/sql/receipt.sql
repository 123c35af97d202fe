SELECT f.intent::text AS intent, t.id AS transfer_id, t.resolved_at AS posted_at,
       coalesce(f.source_balance_minor, p.source_balance_minor) AS source_balance_minor,
       coalesce(f.source_available_minor, p.source_available_minor) AS source_available_minor,
       coalesce(t.posted_minor, t.amount_minor) AS final_minor,
       v.value_date::text AS value_date
FROM confirmations f
JOIN customers c ON c.pk = f.customer_pk
JOIN transfers t ON t.pk = f.transfer_pk
LEFT JOIN placements p ON p.confirmation_pk = f.pk
LEFT JOIN value_dates v ON v.transfer_pk = t.pk
WHERE f.id = $1::text AND c.id = $2::text AND t.status = 'posted'
