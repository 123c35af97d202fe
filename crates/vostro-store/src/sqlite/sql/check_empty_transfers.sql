SELECT t.id
FROM transfers t
WHERE (t.status = 'posted') <> EXISTS (SELECT 1 FROM entries e WHERE e.transfer_pk = t.pk)
ORDER BY t.pk
