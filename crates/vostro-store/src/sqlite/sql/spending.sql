SELECT e.category,
       coalesce(sum(-e.amount_minor) FILTER (WHERE e.amount_minor < 0), 0),
       coalesce(sum(e.amount_minor) FILTER (WHERE e.amount_minor > 0), 0),
       count(*)
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
    AND a.currency = ?10
GROUP BY e.category
ORDER BY 2 DESC, 1
