SELECT * FROM placed WHERE confirmation_pk = ?1
