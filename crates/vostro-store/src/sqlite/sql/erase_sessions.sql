DELETE FROM sessions WHERE customer_id = ?1
