INSERT INTO customers (id, display_name, is_demo, opened_at)
VALUES (?1, ?2, ?3, ?4)
RETURNING pk
