UPDATE cards SET status = ?2 WHERE pk = ?1
