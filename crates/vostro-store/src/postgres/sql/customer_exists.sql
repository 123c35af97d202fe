SELECT EXISTS (SELECT 1 FROM customers WHERE id = $1::text)
