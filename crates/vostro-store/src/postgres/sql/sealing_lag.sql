SELECT count(*), min(waiting.at)
FROM (
    SELECT at
    FROM audit_events
    WHERE sequence > coalesce((SELECT last_sequence FROM audit_seals ORDER BY number DESC LIMIT 1), 0)
    ORDER BY sequence
    LIMIT 100000
) waiting
