SELECT s.customer_pk, s.change_hash, s.change, s.reference, s.at FROM service_changes s WHERE s.id = ?1
