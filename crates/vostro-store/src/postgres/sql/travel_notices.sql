SELECT t.place, t.from_on::text AS from_on, t.until_on::text AS until_on
FROM travel_notices t
JOIN customers c ON c.pk = t.customer_pk
WHERE c.id = $1::text AND t.until_on >= $2::text::date
ORDER BY t.from_on, t.pk
