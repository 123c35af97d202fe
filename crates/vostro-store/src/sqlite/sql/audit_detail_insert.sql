INSERT INTO audit_details (sequence, customer_id, salt, detail) VALUES (?1, ?2, ?3, ?4)
