-- A page is read along its index, newest first, until it is full. "posted_at + 0" keeps the planner off the
-- index by time: the period has been turned into a stretch of the sequence (history_bounds.sql).
SELECT e.sequence, t.id AS transfer_id, a.id AS account_id, e.posted_at, e.amount_minor, a.currency,
       e.description, e.merchant, e.category, e.balance_after_minor
FROM (
    SELECT e.*
    FROM entries e
    WHERE e.customer_pk = $1::bigint
        AND -e.sequence BETWEEN -$3::bigint AND -$2::bigint
        AND e.posted_at + 0 >= $4::bigint
        AND e.posted_at + 0 < $5::bigint
        AND ($6::text IS NULL OR e.description ILIKE $6 OR e.merchant ILIKE $6)
        AND ($7::text IS NULL OR e.category = $7)
        AND ($8::bigint IS NULL OR ($8 > 0) = (e.amount_minor > 0))
        AND abs(e.amount_minor) BETWEEN $9::bigint AND $10::bigint
    ORDER BY -e.sequence
    LIMIT $11::bigint
) e
JOIN transfers t ON t.pk = e.transfer_pk
JOIN accounts a ON a.pk = e.account_pk
ORDER BY -e.sequence
