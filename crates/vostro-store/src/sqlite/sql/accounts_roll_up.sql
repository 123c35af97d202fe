UPDATE accounts
SET balance_minor = balance_minor + (
        SELECT coalesce(sum(e.amount_minor), 0)
        FROM entries e
        WHERE e.account_pk = accounts.pk
            AND e.sequence > accounts.rolled_up_to
            AND e.sequence <= ?1
    ),
    rolled_up_to = ?1
WHERE rolled_up_to < ?1
