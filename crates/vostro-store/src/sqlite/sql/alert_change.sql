UPDATE OR IGNORE alerts SET below_minor = ?3, is_armed = 1 WHERE customer_pk = ?1 AND id = ?2 AND removed_at IS NULL
