INSERT INTO audit_events (kind, at, session_id, turn_id, commitment)
VALUES (?1, ?2, ?3, ?4, ?5)
