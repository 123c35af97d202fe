UPDATE factor_demands SET status = ?2, resolved_at = ?3 WHERE confirmation_id = ?1
