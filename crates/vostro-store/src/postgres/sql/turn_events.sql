SELECT events::text FROM turns WHERE id = $1::text AND customer_id = $2::text
