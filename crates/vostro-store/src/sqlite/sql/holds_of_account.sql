SELECT h.pk, h.id, a.id, a.currency, h.amount_minor, h.reason, h.created_at, h.expires_at
FROM holds h
JOIN accounts a ON a.pk = h.account_pk
WHERE h.account_pk = (SELECT pk FROM accounts WHERE id = ?1) AND h.status = 'held' AND h.transfer_pk IS NULL
ORDER BY h.pk
