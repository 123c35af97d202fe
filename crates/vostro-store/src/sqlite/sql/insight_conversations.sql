SELECT count(DISTINCT session_id),
    count(DISTINCT session_id) FILTER (WHERE disposition IN ('handed_off', 'with_person'))
FROM turns
WHERE at >= ?1 AND at < ?2 AND disposition IS NOT NULL
