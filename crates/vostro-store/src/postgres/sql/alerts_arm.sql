UPDATE alerts l SET is_armed = true
FROM accounts a
WHERE a.pk = l.account_pk AND l.removed_at IS NULL AND NOT l.is_armed AND a.balance_minor >= l.below_minor
