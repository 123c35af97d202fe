SELECT * FROM placed WHERE confirmation_id = $1::text AND customer_id = $2::text
