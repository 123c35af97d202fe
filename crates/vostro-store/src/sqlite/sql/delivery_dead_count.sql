SELECT endpoint, count(*)
FROM outbox_deliveries
WHERE status = 'dead'
GROUP BY endpoint
