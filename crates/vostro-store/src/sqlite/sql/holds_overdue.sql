SELECT h.pk, h.id, a.id, a.currency, h.amount_minor, h.reason, h.created_at, h.expires_at
FROM holds h
JOIN accounts a ON a.pk = h.account_pk
WHERE h.status = 'held' AND h.expires_at <= ?1 AND h.transfer_pk IS NULL
ORDER BY h.expires_at, h.pk
LIMIT ?2
