-- Transfers in two phases, reversals, and the stop of all money.

-- A pending transfer is posted from settles_at on, and given up from expires_at on. posted_minor is what
-- was posted where that is less than what was confirmed.
ALTER TABLE transfers
    ADD COLUMN settles_at bigint,
    ADD COLUMN posted_minor bigint CHECK (posted_minor BETWEEN 1 AND amount_minor);
CREATE INDEX transfers_settling ON transfers (settles_at) WHERE status = 'pending';
CREATE INDEX transfers_waiting ON transfers (customer_pk, pk) WHERE status = 'pending';
CREATE UNIQUE INDEX transfers_reversed_once ON transfers (reverses_pk) WHERE reverses_pk IS NOT NULL;

-- A confirmation may also have been used to place a transfer: its receipt is then the placement's.
ALTER TABLE confirmations
    DROP CONSTRAINT confirmations_status_check,
    DROP CONSTRAINT confirmations_check1,
    ADD CONSTRAINT confirmations_status_check
        CHECK (status IN ('open', 'posted', 'placed', 'declined', 'cancelled', 'expired')),
    ADD CONSTRAINT confirmations_check1
        CHECK ((status IN ('posted', 'placed')) = (transfer_pk IS NOT NULL));

-- What posting a pending transfer takes, kept from when it was confirmed; detail is what the audit trail
-- says of it; the balances are the receipt's, once it is posted.
CREATE TABLE placements (
    transfer_pk            bigint PRIMARY KEY REFERENCES transfers (pk),
    confirmation_pk        bigint NOT NULL UNIQUE REFERENCES confirmations (pk),
    hold_pk                bigint NOT NULL UNIQUE REFERENCES holds (pk),
    biller_pk              bigint REFERENCES billers (pk),
    category               text   NOT NULL,
    merchant               text,
    source_reads           text   NOT NULL,
    destination_reads      text   NOT NULL,
    detail                 text   NOT NULL CHECK (detail::json IS NOT NULL),
    source_balance_minor   bigint,
    source_available_minor bigint,
    CHECK ((source_balance_minor IS NULL) = (source_available_minor IS NULL))
);

CREATE TRIGGER placements_resolve_once BEFORE UPDATE ON placements FOR EACH ROW
    WHEN (OLD.source_balance_minor IS NOT NULL
        OR (OLD.transfer_pk, OLD.confirmation_pk, OLD.hold_pk, OLD.detail)
            IS DISTINCT FROM (NEW.transfer_pk, NEW.confirmation_pk, NEW.hold_pk, NEW.detail))
    EXECUTE FUNCTION refuse_change('a placement is posted once and keeps its terms');
CREATE TRIGGER placements_stay BEFORE DELETE ON placements
    FOR EACH ROW EXECUTE FUNCTION refuse_change('placements are not deleted');

CREATE VIEW placed AS
SELECT t.pk AS transfer_pk, t.id AS transfer_id, t.status, t.customer_pk, c.id AS customer_id,
       t.created_at, t.settles_at, t.expires_at, t.resolved_at,
       coalesce(t.posted_minor, t.amount_minor) AS final_minor, f.id AS confirmation_id,
       f.intent::text AS intent, p.source_balance_minor, p.source_available_minor
FROM transfers t
JOIN placements p ON p.transfer_pk = t.pk
JOIN confirmations f ON f.pk = p.confirmation_pk
JOIN customers c ON c.pk = t.customer_pk;

-- What a reversal took back from a bill; beside bill_payments, which stay.
CREATE TABLE bill_reopenings (
    bill_pk      bigint NOT NULL REFERENCES bills (pk),
    transfer_pk  bigint NOT NULL REFERENCES transfers (pk),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (bill_pk, transfer_pk)
);

-- Whether money commands are carried out, and who ordered it last: the one row. A posting reads it after
-- `enter`, and turning it waits for all that entered before: no posting is acknowledged after a stop was.
CREATE TABLE money_switch (
    only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    stopped    boolean NOT NULL,
    ordered_by text,
    reason     text,
    ordered_at bigint
);
INSERT INTO money_switch (stopped) VALUES (false);

CREATE TRIGGER money_switch_stays BEFORE DELETE ON money_switch
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the switch is turned, never removed');
