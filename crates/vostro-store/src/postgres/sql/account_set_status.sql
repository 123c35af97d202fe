UPDATE accounts SET status = $2::text WHERE id = $1::text AND customer_pk IS NOT NULL
