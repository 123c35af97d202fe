DELETE FROM turns WHERE customer_id = ?1
