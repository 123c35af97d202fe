-- The nearest ranks of the times that turns took, from ?1 until before ?2: of n, the one at the rank ⌈n·p⌉.
WITH ranked AS (
    SELECT took_us, row_number() OVER (ORDER BY took_us) AS place, count(*) OVER () AS turns
    FROM turns
    WHERE at >= ?1 AND at < ?2 AND disposition IS NOT NULL
)
SELECT coalesce(max(took_us) FILTER (WHERE place = (turns * 50 + 99) / 100), 0),
    coalesce(max(took_us) FILTER (WHERE place = (turns * 95 + 99) / 100), 0),
    coalesce(max(took_us) FILTER (WHERE place = (turns * 99 + 99) / 100), 0),
    coalesce(max(took_us), 0)
FROM ranked
