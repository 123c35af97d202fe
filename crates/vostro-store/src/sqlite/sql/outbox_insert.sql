INSERT INTO outbox (topic, payload, created_at, due_at) VALUES (?1, ?2, ?3, ?3)
