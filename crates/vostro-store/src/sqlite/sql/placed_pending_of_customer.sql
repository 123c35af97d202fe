SELECT * FROM placed
WHERE status = 'pending' AND customer_pk = (SELECT pk FROM customers WHERE id = ?2)
ORDER BY transfer_pk
LIMIT ?1
