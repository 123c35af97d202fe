-- Movements that a core banking system carries out: what a customer was shown and confirmed, and what came of it.
-- The customer and the accounts are the core's, so they name no rows.
CREATE TABLE core_transfers (
    pk              bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    confirmation_id text    NOT NULL UNIQUE,
    customer_id     text    NOT NULL,
    intent          json    NOT NULL,
    intent_hash     bytea   NOT NULL CHECK (length(intent_hash) = 32),
    status          text    NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'sent', 'posted', 'declined', 'cancelled', 'expired', 'given_up')),
    created_at      bigint  NOT NULL,
    expires_at      bigint  NOT NULL,
    sent_at         bigint,
    resolved_at     bigint,
    receipt         json,
    CHECK ((status IN ('open', 'sent')) = (resolved_at IS NULL)),
    CHECK ((status = 'posted') = (receipt IS NOT NULL)),
    CHECK (status NOT IN ('sent', 'posted', 'declined', 'given_up') OR sent_at IS NOT NULL)
);
CREATE INDEX core_transfers_sent ON core_transfers (sent_at) WHERE status = 'sent';

CREATE TRIGGER core_transfers_end_once BEFORE UPDATE ON core_transfers FOR EACH ROW
    WHEN (OLD.status NOT IN ('open', 'sent')
        OR (OLD.status = 'sent' AND NEW.status NOT IN ('posted', 'declined', 'given_up'))
        OR (OLD.confirmation_id, OLD.customer_id, OLD.intent::text, OLD.intent_hash)
            IS DISTINCT FROM (NEW.confirmation_id, NEW.customer_id, NEW.intent::text, NEW.intent_hash))
    EXECUTE FUNCTION refuse_change('a movement ends once and keeps its terms');
CREATE TRIGGER core_transfers_stay BEFORE DELETE ON core_transfers FOR EACH ROW
    EXECUTE FUNCTION refuse_change('movements are not deleted');

-- Puts a proposal on record, unless there is one of its id.
CREATE FUNCTION propose_core_transfer(
    the_id text, the_customer text, the_intent text, the_hash bytea, the_end bigint, audit decisions, at bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    INSERT INTO core_transfers (confirmation_id, customer_id, intent, intent_hash, created_at, expires_at)
    VALUES (the_id, the_customer, the_intent::json, the_hash, at, the_end)
    ON CONFLICT (confirmation_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

-- Takes a movement a step on, if it stands where the step begins.
CREATE FUNCTION step_core_transfer(
    the_id text, the_customer text, leaves text, leads_to text, the_receipt text, audit decisions, at bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    UPDATE core_transfers c
    SET status = leads_to, receipt = the_receipt::json,
        sent_at = CASE WHEN leads_to = 'sent' THEN at ELSE c.sent_at END,
        resolved_at = CASE WHEN leads_to = 'sent' THEN NULL ELSE at END
    WHERE c.confirmation_id = the_id AND c.customer_id = the_customer AND c.status = leaves;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;
