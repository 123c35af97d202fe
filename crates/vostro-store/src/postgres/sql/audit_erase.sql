WITH marked AS (UPDATE customers SET audit_erased_at = $2::bigint WHERE id = $1::text)
DELETE FROM audit_details WHERE customer_id = $1::text AND customer_id <> '(bank)'
