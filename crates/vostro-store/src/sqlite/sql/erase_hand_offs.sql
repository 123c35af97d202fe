DELETE FROM hand_offs WHERE customer_id = ?1
