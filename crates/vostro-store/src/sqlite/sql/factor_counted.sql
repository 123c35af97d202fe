SELECT last_step, failures, blocked_until FROM second_factors WHERE customer_pk = ?1
