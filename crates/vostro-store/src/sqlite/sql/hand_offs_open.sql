SELECT id, session_id, customer_id, reason, priority, summary, status, colleague, opened_at, claimed_at,
    closed_at, ended, messages
FROM hand_offs_seen
WHERE status = ?1 AND status <> 'closed'
ORDER BY priority, pk
LIMIT ?2
