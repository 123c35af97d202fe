UPDATE accounts SET held_minor = held_minor + ?2 WHERE pk = ?1
