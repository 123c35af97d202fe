SELECT pk FROM bills WHERE customer_pk = ?1 AND paid_minor < amount_minor
