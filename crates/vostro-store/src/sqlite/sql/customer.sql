SELECT pk, id, display_name, is_demo FROM customers WHERE id = ?1
