UPDATE cards SET limit_minor = ?2 WHERE pk = ?1
