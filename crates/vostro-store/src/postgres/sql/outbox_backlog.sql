SELECT count(*) AS waiting, min(created_at) AS oldest FROM outbox WHERE status = 'pending'
