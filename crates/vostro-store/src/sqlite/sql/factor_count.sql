INSERT INTO second_factors (customer_pk, last_step, failures, blocked_until) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (customer_pk) DO UPDATE
SET last_step = excluded.last_step, failures = excluded.failures, blocked_until = excluded.blocked_until
