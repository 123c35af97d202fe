SELECT * FROM placed WHERE transfer_id = ?1
