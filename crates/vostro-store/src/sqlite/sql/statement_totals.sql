-- The period as a stretch of the sequence: its customer's entries of those days, found by the index by time.
-- Without any, it is the empty stretch before the first entry that came later.
WITH bounds AS (
    SELECT min(e.sequence) AS first, max(e.sequence) AS last
    FROM entries e INDEXED BY entries_by_time
    WHERE e.customer_pk = ?2 AND e.posted_at >= ?3 AND e.posted_at < ?4
), stretch AS (
    SELECT coalesce(b.first, (
               SELECT e.sequence FROM entries e INDEXED BY entries_by_time
               WHERE e.customer_pk = ?2 AND e.posted_at >= ?4
               ORDER BY e.posted_at, e.sequence LIMIT 1
           ), 9223372036854775807) AS first,
           coalesce(b.last, -1) AS last
    FROM bounds b
)
SELECT s.first, s.last,
       coalesce((
           SELECT e.balance_after_minor FROM entries e INDEXED BY entries_by_account
           WHERE e.account_pk = ?1 AND e.sequence < s.first
           ORDER BY e.sequence DESC LIMIT 1
       ), 0),
       coalesce((
           SELECT e.balance_after_minor FROM entries e INDEXED BY entries_by_account
           WHERE e.account_pk = ?1 AND e.sequence < max(s.first, s.last + 1)
           ORDER BY e.sequence DESC LIMIT 1
       ), 0),
       (SELECT count(*) FROM entries e INDEXED BY entries_by_account
        WHERE e.account_pk = ?1 AND e.sequence BETWEEN s.first AND s.last),
       (SELECT coalesce(sum(max(e.amount_minor, 0)), 0) FROM entries e INDEXED BY entries_by_account
        WHERE e.account_pk = ?1 AND e.sequence BETWEEN s.first AND s.last),
       (SELECT coalesce(sum(min(e.amount_minor, 0)), 0) FROM entries e INDEXED BY entries_by_account
        WHERE e.account_pk = ?1 AND e.sequence BETWEEN s.first AND s.last)
FROM stretch s
