INSERT INTO outbox_deliveries (endpoint, sequence, due_at, published_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING
