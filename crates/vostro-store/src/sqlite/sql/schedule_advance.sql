UPDATE schedules SET next_number = ?2, next_due_on = ?3, next_at = ?4 WHERE pk = ?1
