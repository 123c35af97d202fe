UPDATE schedules SET status = 'active', confirmed_at = ?2, next_due_on = ?3, next_at = ?4 WHERE pk = ?1
