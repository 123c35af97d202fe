SELECT c.pk,
       CASE WHEN $2::boolean THEN (
           SELECT min(e.sequence + 0) FROM entries e
           WHERE e.customer_pk = c.pk AND e.posted_at >= $3::bigint AND e.posted_at < $4::bigint
       ) END,
       CASE WHEN $2::boolean THEN (
           SELECT max(e.sequence + 0) FROM entries e
           WHERE e.customer_pk = c.pk AND e.posted_at >= $3::bigint AND e.posted_at < $4::bigint
       ) END
FROM customers c
WHERE c.id = $1::text
