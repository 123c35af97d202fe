UPDATE policy_changes SET status = ?2, decided_by = ?3, decided_at = ?4, version = ?5 WHERE id = ?1
