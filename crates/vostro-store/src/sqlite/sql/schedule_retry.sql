UPDATE schedules SET next_at = ?2 WHERE pk = ?1
