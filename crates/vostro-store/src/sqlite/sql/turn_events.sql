SELECT events FROM turns WHERE id = ?1 AND customer_id = ?2
