SELECT EXISTS (
    SELECT 1 FROM entries e JOIN transfers t ON t.pk = e.transfer_pk WHERE t.id = ?2 AND e.customer_pk = ?1
)
