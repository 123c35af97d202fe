DELETE FROM idempotent_requests WHERE customer_id = ?1
