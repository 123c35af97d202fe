SELECT endpoint, count(*) AS pending, count(outcome) AS retrying, min(published_at) AS oldest
FROM outbox_deliveries
WHERE status = 'pending'
GROUP BY endpoint
