INSERT INTO entries
    (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at,
     category, description, merchant)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
