SELECT endpoint, count(*), count(outcome), min(published_at)
FROM outbox_deliveries
WHERE status = 'pending'
GROUP BY endpoint
