SELECT id, session_id, customer_id, reason, priority, summary, status, colleague, opened_at, claimed_at,
    closed_at, ended, messages
FROM hand_offs_seen
WHERE session_id = $1::text AND customer_id = $2::text
ORDER BY pk DESC
LIMIT 1
