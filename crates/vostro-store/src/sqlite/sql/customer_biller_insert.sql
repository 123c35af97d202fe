INSERT INTO customer_billers (customer_pk, biller_pk, reference)
SELECT ?1, b.pk, ?3 FROM billers b WHERE b.id = ?2
