UPDATE money_switch SET stopped = ?1, ordered_by = ?2, reason = ?3, ordered_at = ?4
