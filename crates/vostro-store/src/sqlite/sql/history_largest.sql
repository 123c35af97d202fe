-- One page of the largest amounts. Movements between own accounts count as they do in sums (spending.sql).
SELECT e.sequence, t.id, a.id, e.posted_at, e.amount_minor, a.currency, e.description, e.merchant,
       e.category, e.balance_after_minor
FROM entries e INDEXED BY entries_by_time
JOIN transfers t ON t.pk = e.transfer_pk
JOIN accounts a ON a.pk = e.account_pk
WHERE e.customer_pk = ?1
    AND e.posted_at >= ?2
    AND e.posted_at < ?3
    AND t.kind <> 'opening'
    AND (t.kind <> 'own_transfer' OR ?5 = 'transfers')
    AND (?4 IS NULL OR e.description LIKE ?4 ESCAPE '\' OR e.merchant LIKE ?4 ESCAPE '\')
    AND (?5 IS NULL OR e.category = ?5)
    AND (?6 IS NULL OR (?6 > 0) = (e.amount_minor > 0))
    AND abs(e.amount_minor) BETWEEN ?7 AND ?8
    AND (?9 IS NULL OR a.id = ?9)
ORDER BY abs(e.amount_minor) DESC, e.sequence DESC
LIMIT ?10
