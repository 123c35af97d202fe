UPDATE hand_offs
SET summary = ?2, reason = CASE WHEN ?4 < priority THEN ?3 ELSE reason END, priority = min(priority, ?4)
WHERE id = ?1 AND status <> 'closed'
