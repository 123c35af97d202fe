SELECT t.place, t.from_on, t.until_on
FROM travel_notices t
JOIN customers c ON c.pk = t.customer_pk
WHERE c.id = ?1 AND t.until_on >= ?2
ORDER BY t.from_on, t.pk
