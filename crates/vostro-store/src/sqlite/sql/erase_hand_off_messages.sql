DELETE FROM hand_off_messages
WHERE hand_off_pk IN (SELECT h.pk FROM hand_offs h WHERE h.customer_id = ?1)
