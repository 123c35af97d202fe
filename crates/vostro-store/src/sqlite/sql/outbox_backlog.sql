SELECT count(*), min(created_at) FROM outbox WHERE status = 'pending'
