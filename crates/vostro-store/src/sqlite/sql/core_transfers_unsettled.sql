SELECT EXISTS (SELECT 1 FROM core_transfers WHERE customer_id = ?1 AND status = 'sent')
