SELECT currency FROM accounts WHERE id = ?1 AND customer_pk = ?2
