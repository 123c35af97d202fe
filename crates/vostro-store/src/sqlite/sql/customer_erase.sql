UPDATE customers SET display_name = 'erased', erased_at = ?2, audit_erased_at = ?2 WHERE pk = ?1
