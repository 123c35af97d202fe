-- The second factor, and what erasing a customer takes.

-- A customer's enrolment, and how they fared. secret is sealed with a key that is not in the database; it is
-- NULL for customers of whom only answers of the bank's own identity provider are counted.
CREATE TABLE second_factors (
    customer_pk   bigint  PRIMARY KEY REFERENCES customers (pk),
    secret        bytea,
    enrolled_at   bigint,
    -- The time step (RFC 6238) of the last code that was accepted: no code of it or before counts again.
    last_step     bigint,
    failures      integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    blocked_until bigint,
    CHECK ((secret IS NULL) = (enrolled_at IS NULL))
);

-- What waits for a second factor, bound to its content by subject_hash. 'open' is left once.
CREATE TABLE factor_demands (
    confirmation_id text   PRIMARY KEY,
    customer_pk     bigint NOT NULL REFERENCES customers (pk),
    subject_hash    bytea  NOT NULL CHECK (length(subject_hash) = 32),
    method          text   NOT NULL CHECK (method IN ('code', 'approval')),
    -- For an approval: what the identity provider answers to.
    challenge_id    text   UNIQUE,
    challenge_hash  bytea  CHECK (length(challenge_hash) = 32),
    status          text   NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'passed', 'denied')),
    asked_at        bigint NOT NULL,
    expires_at      bigint NOT NULL,
    resolved_at     bigint,
    CHECK ((status = 'open') = (resolved_at IS NULL)),
    CHECK ((method = 'approval') = (challenge_id IS NOT NULL)),
    CHECK ((challenge_id IS NULL) = (challenge_hash IS NULL))
);
CREATE INDEX factor_demands_of_customer ON factor_demands (customer_pk);

CREATE TRIGGER factor_demands_resolve_once BEFORE UPDATE ON factor_demands FOR EACH ROW
    WHEN (OLD.status <> 'open'
        OR NEW.confirmation_id IS DISTINCT FROM OLD.confirmation_id
        OR NEW.customer_pk IS DISTINCT FROM OLD.customer_pk
        OR NEW.subject_hash IS DISTINCT FROM OLD.subject_hash
        OR NEW.method IS DISTINCT FROM OLD.method
        OR NEW.challenge_id IS DISTINCT FROM OLD.challenge_id
        OR NEW.challenge_hash IS DISTINCT FROM OLD.challenge_hash
        OR NEW.expires_at IS DISTINCT FROM OLD.expires_at)
    EXECUTE FUNCTION refuse_change('a second factor is given once and keeps its terms');

-- Whatever a program believes: what waits for a second factor moves no money without it, and a factor that
-- was given for something else is none.
CREATE FUNCTION refuse_without_factor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM factor_demands d
        WHERE d.confirmation_id = NEW.id
            AND (d.status <> 'passed' OR d.customer_pk <> NEW.customer_pk OR d.subject_hash <> NEW.intent_hash)
    ) THEN
        RAISE EXCEPTION 'the second factor of this confirmation was not given'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER confirmations_need_their_factor BEFORE UPDATE ON confirmations FOR EACH ROW
    WHEN (NEW.status IN ('posted', 'placed'))
    EXECUTE FUNCTION refuse_without_factor();

-- Sets a customer's sealed secret in the place of any other.
CREATE FUNCTION enrol_factor(the_customer text, the_secret bytea, audit decisions, at bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    INSERT INTO second_factors (customer_pk, secret, enrolled_at)
    SELECT c.pk, the_secret, at FROM customers c WHERE c.id = the_customer
    ON CONFLICT (customer_pk) DO UPDATE
    SET secret = excluded.secret, enrolled_at = excluded.enrolled_at, last_step = NULL, failures = 0,
        blocked_until = NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

CREATE FUNCTION remove_factor(the_customer text, audit decisions, at bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    UPDATE second_factors f SET secret = NULL, enrolled_at = NULL, last_step = NULL
    FROM customers c
    WHERE c.id = the_customer AND f.customer_pk = c.pk AND f.secret IS NOT NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

-- Asks for a second factor; asking again for the same changes nothing.
CREATE FUNCTION demand_factor(
    the_customer text, the_confirmation text, the_hash bytea, the_method text, the_challenge text,
    the_challenge_hash bytea, the_expiry bigint, audit decisions, at bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
BEGIN
    PERFORM enter();
    SELECT c.pk INTO owner FROM customers c WHERE c.id = the_customer;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO factor_demands
        (confirmation_id, customer_pk, subject_hash, method, challenge_id, challenge_hash, asked_at, expires_at)
    VALUES (the_confirmation, owner, the_hash, the_method, the_challenge, the_challenge_hash, at, the_expiry)
    ON CONFLICT (confirmation_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN EXISTS (
            SELECT 1 FROM factor_demands d
            WHERE d.confirmation_id = the_confirmation AND d.customer_pk = owner AND d.subject_hash = the_hash
        );
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

-- Counts a try for the customer who has the lock; gives 'passed', 'failed' or 'blocked'. A try while the
-- customer is blocked is not counted, and never passes.
CREATE FUNCTION count_factor_try(
    owner bigint, fits boolean, step bigint, most_failures integer, block_for bigint, at bigint
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept second_factors;
BEGIN
    INSERT INTO second_factors (customer_pk) VALUES (owner) ON CONFLICT (customer_pk) DO NOTHING;
    SELECT f.* INTO kept FROM second_factors f WHERE f.customer_pk = owner FOR NO KEY UPDATE;
    IF kept.blocked_until > at THEN
        RETURN 'failed';
    END IF;
    IF fits AND (step IS NULL OR kept.last_step IS NULL OR step > kept.last_step) THEN
        UPDATE second_factors f
        SET last_step = coalesce(step, f.last_step), failures = 0, blocked_until = NULL
        WHERE f.customer_pk = owner;
        RETURN 'passed';
    END IF;
    IF kept.failures + 1 >= most_failures THEN
        UPDATE second_factors f SET failures = 0, blocked_until = at + block_for WHERE f.customer_pk = owner;
        RETURN 'blocked';
    END IF;
    UPDATE second_factors f SET failures = f.failures + 1 WHERE f.customer_pk = owner;
    RETURN 'failed';
END
$$;

-- A code was given for what waits under a confirmation; the_step is NULL where it fits none.
CREATE FUNCTION try_factor(
    the_customer text, the_confirmation text, the_step bigint, most_failures integer, block_for bigint,
    context command_context, salt bytea, the_detail text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    owner  bigint;
    waits  boolean;
    result text;
BEGIN
    PERFORM enter();
    -- The tries of one customer take turns.
    SELECT c.pk INTO owner FROM customers c WHERE c.id = the_customer FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'failed';
    END IF;
    waits := EXISTS (
        SELECT 1 FROM factor_demands d
        WHERE d.confirmation_id = the_confirmation AND d.customer_pk = owner AND d.method = 'code'
            AND d.status = 'open' AND d.expires_at > context.at
    );
    result := count_factor_try(owner, waits AND the_step IS NOT NULL, the_step, most_failures, block_for, context.at);
    IF result = 'passed' THEN
        UPDATE factor_demands d SET status = 'passed', resolved_at = context.at
        WHERE d.confirmation_id = the_confirmation;
    END IF;
    PERFORM record_decision('factor_' || result, context, the_customer, salt, the_detail);
    RETURN result;
END
$$;

-- The identity provider's answer to a challenge, once and in time; NULL where none waits.
CREATE FUNCTION answer_challenge(
    the_challenge text, approved boolean, most_failures integer, block_for bigint, salt bytea, at bigint
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept   factor_demands;
    person text;
    result text;
BEGIN
    PERFORM enter();
    SELECT c.id INTO person
    FROM factor_demands d JOIN customers c ON c.pk = d.customer_pk
    WHERE d.challenge_id = the_challenge
    FOR NO KEY UPDATE OF c;
    SELECT d.* INTO kept FROM factor_demands d
    WHERE d.challenge_id = the_challenge AND d.status = 'open' AND d.expires_at > at
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    result := count_factor_try(kept.customer_pk, approved, NULL, most_failures, block_for, at);
    UPDATE factor_demands d
    SET status = CASE WHEN result = 'passed' THEN 'passed' ELSE 'denied' END, resolved_at = at
    WHERE d.challenge_id = the_challenge;
    PERFORM record_decision('factor_' || result, ROW(at, NULL, NULL)::command_context, person, salt,
        '{"confirmation":' || to_json(kept.confirmation_id)::text || ',"method":"approval"}');
    RETURN result;
END
$$;

-- From then on the customer's names and texts are gone; what bookkeeping needs stays, under the bank's id.
ALTER TABLE customers ADD COLUMN erased_at bigint;

-- Entries stay as they are, but for the words on an erased customer's side.
DROP TRIGGER entries_are_final ON entries;
CREATE FUNCTION entries_keep_their_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence IS DISTINCT FROM OLD.sequence
        OR NEW.transfer_pk IS DISTINCT FROM OLD.transfer_pk
        OR NEW.account_pk IS DISTINCT FROM OLD.account_pk
        OR NEW.customer_pk IS DISTINCT FROM OLD.customer_pk
        OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor
        OR NEW.balance_after_minor IS DISTINCT FROM OLD.balance_after_minor
        OR NEW.posted_at IS DISTINCT FROM OLD.posted_at
        OR NEW.category IS DISTINCT FROM OLD.category
        OR NEW.merchant IS DISTINCT FROM OLD.merchant
        OR NOT EXISTS (SELECT 1 FROM customers c WHERE c.pk = OLD.customer_pk AND c.erased_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'entries are append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION entries_keep_their_terms();
CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change('entries are append-only');

-- Erases what bookkeeping does not need. What waits for an answer and the standing orders end; a transfer that
-- is not final yet, or funds set aside, keep the customer from being erased.
CREATE FUNCTION erase_customer(the_customer text, audit decisions, at bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    owner  bigint;
    erased bigint;
BEGIN
    PERFORM enter();
    SELECT c.pk, c.erased_at INTO owner, erased FROM customers c WHERE c.id = the_customer FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    IF EXISTS (SELECT 1 FROM transfers t WHERE t.customer_pk = owner AND t.status = 'pending')
        OR EXISTS (SELECT 1 FROM holds h JOIN accounts a ON a.pk = h.account_pk
                   WHERE a.customer_pk = owner AND h.status = 'held') THEN
        RETURN 'unsettled';
    END IF;
    UPDATE confirmations f SET status = 'cancelled', resolved_at = at
    WHERE f.customer_pk = owner AND f.status = 'open';
    UPDATE schedules s SET status = 'cancelled', ended_at = at, next_due_on = NULL, next_at = NULL
    WHERE s.customer_pk = owner AND s.status IN ('proposed', 'active');
    DELETE FROM hand_off_messages m USING hand_offs h
    WHERE h.pk = m.hand_off_pk AND h.customer_id = the_customer;
    DELETE FROM hand_offs h WHERE h.customer_id = the_customer;
    DELETE FROM turns t WHERE t.customer_id = the_customer;
    DELETE FROM sessions s WHERE s.customer_id = the_customer;
    DELETE FROM idempotent_requests r WHERE r.customer_id = the_customer;
    DELETE FROM contact_details d WHERE d.customer_pk = owner;
    DELETE FROM travel_notices n WHERE n.customer_pk = owner;
    DELETE FROM service_changes s WHERE s.customer_pk = owner;
    DELETE FROM alerts a WHERE a.customer_pk = owner;
    DELETE FROM factor_demands d WHERE d.customer_pk = owner;
    DELETE FROM second_factors f WHERE f.customer_pk = owner;
    UPDATE cases s SET description = 'erased' WHERE s.customer_pk = owner;
    UPDATE payees p SET name = 'erased', aliases = '[]'::json, number = '0000',
        removed_at = coalesce(p.removed_at, at)
    WHERE p.customer_pk = owner;
    UPDATE accounts a SET name = 'erased' WHERE a.customer_pk = owner;
    UPDATE customers c SET display_name = 'erased', erased_at = at, audit_erased_at = at WHERE c.pk = owner;
    -- Whom money went to, by name, stood on the customer's own side.
    UPDATE entries e SET description = 'erased'
    FROM transfers t
    WHERE e.customer_pk = owner AND t.pk = e.transfer_pk
        AND t.kind IN ('payee_transfer', 'own_transfer') AND e.description <> 'erased';
    DELETE FROM audit_details d WHERE d.customer_id = the_customer;
    PERFORM record_decisions(audit, at);
    RETURN 'erased';
END
$$;

-- Ends a conversation: the state takes the place of what it remembered. Gives whether it was as expected.
CREATE FUNCTION end_session(
    the_session text, the_customer text, expected bigint, the_state text, audit decisions, at bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    -- A turn under way read the version before, and is not recorded.
    UPDATE sessions s SET state = the_state::json, version = s.version + 1
    WHERE s.id = the_session AND s.customer_id = the_customer AND s.version = expected;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

-- Texts whose time is over are found by age; those that were emptied are not looked at again.
CREATE INDEX turns_with_text ON turns (at) WHERE message_masked <> '';
