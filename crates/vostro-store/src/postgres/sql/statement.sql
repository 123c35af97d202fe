-- The whole answer in one statement, so that it is of one instant: the sums in every row, and a row an entry
-- (one row without an entry when there is none). The period is a stretch of the sequence: its customer's
-- entries of those days, found by the index by time; without any, the empty stretch before the first entry
-- that came later. "posted_at + 0" and "sequence + 0" keep the planner from walking another index instead.
WITH asked AS (
    SELECT a.pk, a.id, a.customer_pk, a.currency
    FROM accounts a JOIN customers c ON c.pk = a.customer_pk
    WHERE a.id = $1::text AND c.id = $2::text
), bounds AS MATERIALIZED (
    SELECT q.pk, q.id, q.currency,
           coalesce((SELECT min(e.sequence + 0) FROM entries e
                     WHERE e.customer_pk = q.customer_pk AND e.posted_at >= $3::bigint AND e.posted_at < $4::bigint),
                    (SELECT e.sequence FROM entries e
                     WHERE e.customer_pk = q.customer_pk AND e.posted_at >= $4::bigint
                     ORDER BY e.posted_at, e.sequence LIMIT 1),
                    9223372036854775807) AS first,
           coalesce((SELECT max(e.sequence + 0) FROM entries e
                     WHERE e.customer_pk = q.customer_pk AND e.posted_at >= $3::bigint AND e.posted_at < $4::bigint),
                    -1) AS last
    FROM asked q
), sums AS MATERIALIZED (
    SELECT b.*,
           coalesce((SELECT e.balance_after_minor FROM entries e
                     WHERE e.account_pk = b.pk AND -e.sequence > -b.first
                     ORDER BY -e.sequence LIMIT 1), 0) AS opening_minor,
           t.count, t.received_minor, t.spent_minor
    FROM bounds b
    CROSS JOIN LATERAL (
        SELECT count(*) AS count,
               coalesce(sum(greatest(e.amount_minor, 0)), 0)::bigint AS received_minor,
               coalesce(sum(least(e.amount_minor, 0)), 0)::bigint AS spent_minor
        FROM entries e
        WHERE e.account_pk = b.pk AND -e.sequence BETWEEN -b.last AND -b.first
    ) t
)
SELECT s.opening_minor, s.count, s.received_minor, s.spent_minor, s.id AS account_id, s.currency,
       e.sequence, tr.id AS transfer_id, e.posted_at, e.amount_minor, e.description, e.merchant, e.category,
       e.balance_after_minor
FROM sums s
LEFT JOIN LATERAL (
    SELECT e.* FROM entries e
    WHERE e.account_pk = s.pk AND -e.sequence BETWEEN -s.last AND -greatest(s.first, $5::bigint)
    ORDER BY -e.sequence DESC
    LIMIT $6::bigint
) e ON true
LEFT JOIN transfers tr ON tr.pk = e.transfer_pk
ORDER BY e.sequence
