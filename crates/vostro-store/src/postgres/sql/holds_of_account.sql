SELECT h.id, a.id AS account_id, a.currency, h.amount_minor, h.reason, h.created_at, h.expires_at
FROM holds h
JOIN accounts a ON a.pk = h.account_pk
WHERE a.id = $1::text AND h.status = 'held' AND h.transfer_pk IS NULL
ORDER BY h.pk
