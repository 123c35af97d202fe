DELETE FROM audit_details WHERE customer_id = $1::text AND customer_id <> '(bank)'
