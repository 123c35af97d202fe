SELECT e.sequence, t.id, a.id, e.posted_at, e.amount_minor, a.currency, e.description, e.merchant,
       e.category, e.balance_after_minor
FROM entries e INDEXED BY entries_by_account
JOIN transfers t ON t.pk = e.transfer_pk
JOIN accounts a ON a.pk = e.account_pk
WHERE e.account_pk = (SELECT pk FROM accounts WHERE id = ?12 AND customer_pk = ?1)
    AND e.sequence BETWEEN ?2 AND ?3
    AND e.posted_at >= ?4
    AND e.posted_at < ?5
    AND (?6 IS NULL OR e.description LIKE ?6 ESCAPE '\' OR e.merchant LIKE ?6 ESCAPE '\')
    AND (?7 IS NULL OR e.category = ?7)
    AND (?8 IS NULL OR (?8 > 0) = (e.amount_minor > 0))
    AND abs(e.amount_minor) BETWEEN ?9 AND ?10
ORDER BY e.sequence DESC
LIMIT ?11
