UPDATE hand_offs SET status = 'closed', colleague = ?2, closed_at = ?3, ended = ?4
WHERE id = ?1 AND status <> 'closed'
