UPDATE customers SET audit_erased_at = ?2 WHERE id = ?1
