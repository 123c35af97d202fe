UPDATE alerts SET is_armed = 0 WHERE id = ?1
