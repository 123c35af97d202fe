UPDATE alerts SET is_armed = 1
WHERE removed_at IS NULL AND NOT is_armed
    AND (SELECT a.balance_minor FROM accounts a WHERE a.pk = alerts.account_pk) >= below_minor
