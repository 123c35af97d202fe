SELECT pk, id, display_name, is_demo FROM customers WHERE id = ?1 AND erased_at IS NULL
