INSERT INTO second_factors (customer_pk, secret, enrolled_at) VALUES (?1, ?2, ?3)
ON CONFLICT (customer_pk) DO UPDATE
SET secret = excluded.secret, enrolled_at = excluded.enrolled_at, last_step = NULL, failures = 0, blocked_until = NULL
