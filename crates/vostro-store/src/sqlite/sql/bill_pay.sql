UPDATE bills SET paid_minor = paid_minor + ?2 WHERE pk = ?1
