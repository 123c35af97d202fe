SELECT endpoint, count(*) AS dead
FROM outbox_deliveries
WHERE status = 'dead'
GROUP BY endpoint
