INSERT INTO hand_offs (id, session_id, customer_id, turn_id, reason, priority, summary, opened_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
