UPDATE second_factors SET secret = NULL, enrolled_at = NULL, last_step = NULL
WHERE customer_pk = ?1 AND secret IS NOT NULL
