UPDATE turns t
SET message_masked = '', reply_masked = '', events = '[]', commands = '[]', evidence = NULL, state_hash = NULL
WHERE t.pk IN (SELECT o.pk FROM turns o WHERE o.at < $1::bigint AND o.message_masked <> '' LIMIT $2::bigint)
