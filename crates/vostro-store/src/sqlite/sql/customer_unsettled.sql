SELECT EXISTS (SELECT 1 FROM transfers t WHERE t.customer_pk = ?1 AND t.status = 'pending')
    OR EXISTS (SELECT 1 FROM holds h JOIN accounts a ON a.pk = h.account_pk
               WHERE a.customer_pk = ?1 AND h.status = 'held')
