SELECT EXISTS (SELECT 1 FROM alerts WHERE customer_pk = ?1 AND id = ?2 AND removed_at IS NULL)
