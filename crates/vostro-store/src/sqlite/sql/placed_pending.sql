SELECT * FROM placed WHERE status = 'pending' ORDER BY transfer_pk LIMIT ?1
