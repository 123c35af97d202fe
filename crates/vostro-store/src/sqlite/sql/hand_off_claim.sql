UPDATE hand_offs SET status = 'claimed', colleague = ?2, claimed_at = ?3 WHERE id = ?1 AND status = 'waiting'
