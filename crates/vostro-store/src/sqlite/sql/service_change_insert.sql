INSERT INTO service_changes (id, customer_pk, change, change_hash, reference, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
