DELETE FROM hand_offs WHERE status = 'closed' AND closed_at < ?1
