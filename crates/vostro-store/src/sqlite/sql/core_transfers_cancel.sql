UPDATE core_transfers SET status = 'cancelled', resolved_at = ?2 WHERE customer_id = ?1 AND status = 'open'
