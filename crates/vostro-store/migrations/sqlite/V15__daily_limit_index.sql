-- What a customer sent out today is summed inside every posting: from the index alone, without a visit to the
-- table for each transfer. It takes the place of transfers_outgoing.
CREATE INDEX transfers_sent ON transfers
    (customer_pk, currency, created_at, status, kind, amount_minor, posted_minor)
    WHERE kind IN ('payee_transfer', 'bill_payment');
DROP INDEX transfers_outgoing;
