DELETE FROM audit_details WHERE customer_id = ?1 AND customer_id <> '(bank)'
