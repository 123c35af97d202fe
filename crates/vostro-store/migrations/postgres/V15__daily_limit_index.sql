-- What a customer sent out today is summed inside every posting: from the index alone where the pages allow it.
-- It takes the place of transfers_outgoing.
CREATE INDEX transfers_sent ON transfers (customer_pk, currency, created_at)
    INCLUDE (status, amount_minor, posted_minor)
    WHERE kind IN ('payee_transfer', 'bill_payment');
DROP INDEX transfers_outgoing;
