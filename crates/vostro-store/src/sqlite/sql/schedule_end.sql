UPDATE schedules SET status = ?2, ended_at = ?3, next_due_on = NULL, next_at = NULL WHERE pk = ?1
