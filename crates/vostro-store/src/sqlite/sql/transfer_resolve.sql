UPDATE transfers SET status = ?2, resolved_at = ?3, posted_minor = ?4 WHERE pk = ?1
