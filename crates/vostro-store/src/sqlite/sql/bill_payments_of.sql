SELECT bill_pk, amount_minor FROM bill_payments WHERE transfer_pk = ?1 ORDER BY bill_pk
