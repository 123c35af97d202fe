SELECT pk, status FROM cards WHERE customer_pk = ?1 AND id = ?2
