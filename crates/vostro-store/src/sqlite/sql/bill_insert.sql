INSERT INTO bills (customer_pk, biller_pk, amount_minor, currency, issued_on, due_on)
SELECT ?1, b.pk, ?3, ?4, ?5, ?6 FROM billers b WHERE b.id = ?2
