UPDATE placements SET receipt = ?2 WHERE transfer_pk = ?1
