UPDATE payees SET removed_at = ?3 WHERE customer_pk = ?1 AND id = ?2 AND removed_at IS NULL
