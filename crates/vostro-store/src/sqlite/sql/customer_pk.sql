SELECT pk FROM customers WHERE id = ?1
