-- Standing orders and their occurrences.
--
-- A schedule is its own confirmation record: 'proposed' is left once, and its terms (what its customer said
-- yes to) never change. While it is active, next_due_on is the occurrence that comes next, the one numbered
-- next_number from 0, and next_at is when it is tried. The numbers only go up, so no clock brings an
-- occurrence back. When an occurrence is due is computed by the program (`vostro_ledger::Schedule`): the
-- functions take the next due day as a parameter, and NULL for none.

CREATE TABLE schedules (
    pk           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text    NOT NULL UNIQUE,
    customer_pk  bigint  NOT NULL REFERENCES customers (pk),
    terms        json    NOT NULL,
    terms_hash   bytea   NOT NULL CHECK (length(terms_hash) = 32),
    status       text    NOT NULL DEFAULT 'proposed'
                 CHECK (status IN ('proposed', 'active', 'completed', 'cancelled', 'declined', 'expired')),
    created_at   bigint  NOT NULL,
    expires_at   bigint  NOT NULL,
    confirmed_at bigint,
    ended_at     bigint,
    next_number  bigint  NOT NULL DEFAULT 0 CHECK (next_number BETWEEN 0 AND 4294967295),
    next_due_on  date,
    next_at      bigint,
    CHECK ((status IN ('proposed', 'active')) = (ended_at IS NULL)),
    CHECK (status NOT IN ('active', 'completed') OR confirmed_at IS NOT NULL),
    CHECK ((status = 'active') = (next_due_on IS NOT NULL)),
    CHECK ((status = 'active') = (next_at IS NOT NULL))
);
CREATE INDEX schedules_due ON schedules (next_at, pk) WHERE status = 'active';
CREATE INDEX schedules_unanswered ON schedules (expires_at) WHERE status = 'proposed';
CREATE INDEX schedules_of_customer ON schedules (customer_pk, pk) WHERE status = 'active';

CREATE TRIGGER schedules_keep_their_terms BEFORE UPDATE ON schedules FOR EACH ROW
    WHEN (OLD.status NOT IN ('proposed', 'active')
        OR NEW.status = 'proposed'
        OR (OLD.id, OLD.customer_pk, OLD.terms::text, OLD.terms_hash, OLD.expires_at)
            IS DISTINCT FROM (NEW.id, NEW.customer_pk, NEW.terms::text, NEW.terms_hash, NEW.expires_at)
        OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at)
        OR NEW.next_number < OLD.next_number)
    EXECUTE FUNCTION refuse_change('a schedule is confirmed once, keeps its terms and goes forward');
CREATE TRIGGER schedules_stay BEFORE DELETE ON schedules
    FOR EACH ROW EXECUTE FUNCTION refuse_change('schedules are not deleted');

-- One row per occurrence, from its first try on. 'waiting' is left once.
CREATE TABLE schedule_runs (
    schedule_pk bigint  NOT NULL REFERENCES schedules (pk),
    due_on      date    NOT NULL,
    status      text    NOT NULL CHECK (status IN ('waiting', 'posted', 'failed', 'missed', 'skipped')),
    tries       integer NOT NULL CHECK (tries >= 0),
    reason      text,
    transfer_pk bigint  UNIQUE REFERENCES transfers (pk),
    first_at    bigint  NOT NULL,
    resolved_at bigint,
    PRIMARY KEY (schedule_pk, due_on),
    CHECK ((status = 'waiting') = (resolved_at IS NULL)),
    CHECK ((status = 'posted') = (transfer_pk IS NOT NULL))
);

CREATE TRIGGER schedule_runs_resolve_once BEFORE UPDATE ON schedule_runs FOR EACH ROW
    WHEN (OLD.status <> 'waiting' OR (OLD.schedule_pk, OLD.due_on) IS DISTINCT FROM (NEW.schedule_pk, NEW.due_on))
    EXECUTE FUNCTION refuse_change('an occurrence resolves once');
CREATE TRIGGER schedule_runs_stay BEFORE DELETE ON schedule_runs
    FOR EACH ROW EXECUTE FUNCTION refuse_change('occurrences are not deleted');

-- The customer's schedule of this id, locked.
CREATE FUNCTION lock_schedule(the_customer text, the_id text) RETURNS schedules LANGUAGE sql AS $$
    SELECT s.* FROM schedules s
    WHERE s.id = the_id AND s.customer_pk = (SELECT c.pk FROM customers c WHERE c.id = the_customer)
    FOR NO KEY UPDATE
$$;

-- Whether a standing order may be made: NULL, or the reason against it. What only the due day can say is
-- not a reason (`vostro_ledger::may_be_ordered`).
CREATE FUNCTION ordered_standing(intent money_intent, rules money_rules) RETURNS standing LANGUAGE plpgsql AS $$
DECLARE
    it standing := stand(intent, rules, false);
BEGIN
    IF it.decline IN ('insufficient_funds', 'over_daily_limit', 'amount_too_large') THEN
        it.decline := NULL;
    END IF;
    RETURN it;
END
$$;

-- Records a standing order as proposed: proposed, declined or taken.
CREATE FUNCTION propose_schedule(
    intent money_intent, rules money_rules, context command_context,
    the_id text, the_hash bytea, the_terms text, the_expiry bigint,
    the_detail text, the_decline_detail text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    it   standing;
    kept schedules;
BEGIN
    PERFORM enter();
    kept := lock_schedule(intent.customer, the_id);
    IF kept.status = 'proposed' AND kept.terms_hash = the_hash THEN
        RETURN plain_outcome('proposed');
    END IF;
    it := ordered_standing(intent, rules);
    IF it.decline IS NOT NULL THEN
        PERFORM record_decision('declined', context, intent.customer, salt,
            declined_detail(the_decline_detail, it, intent.currency));
        RETURN outcome_of('declined', it);
    END IF;
    INSERT INTO schedules (id, customer_pk, terms, terms_hash, created_at, expires_at)
    VALUES (the_id, it.customer_pk, the_terms::json, the_hash, context.at, the_expiry)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN plain_outcome('taken');
    END IF;
    PERFORM record_decision('proposed', context, intent.customer, salt, the_detail);
    RETURN plain_outcome('proposed');
END
$$;

-- Consumes the confirmation: scheduled, replayed, declined, expired or not_open.
CREATE FUNCTION confirm_schedule(
    intent money_intent, rules money_rules, context command_context,
    the_id text, the_hash bytea, the_first date, the_first_at bigint,
    the_detail text, the_decline_detail text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    it   standing;
    kept schedules;
BEGIN
    PERFORM enter();
    kept := lock_schedule(intent.customer, the_id);
    IF kept.pk IS NULL OR kept.terms_hash <> the_hash THEN
        RETURN plain_outcome('not_open');
    END IF;
    IF kept.status IN ('active', 'completed') THEN
        RETURN plain_outcome('replayed');
    ELSIF kept.status = 'expired' THEN
        RETURN plain_outcome('expired');
    ELSIF kept.status <> 'proposed' THEN
        RETURN plain_outcome('not_open');
    END IF;
    IF context.at >= kept.expires_at THEN
        UPDATE schedules s SET status = 'expired', ended_at = context.at WHERE s.pk = kept.pk;
        PERFORM record_decision('expired', context, intent.customer, salt, the_detail);
        RETURN plain_outcome('expired');
    END IF;
    it := ordered_standing(intent, rules);
    IF it.decline IS NOT NULL THEN
        UPDATE schedules s SET status = 'declined', ended_at = context.at WHERE s.pk = kept.pk;
        PERFORM record_decision('declined', context, intent.customer, salt,
            declined_detail(the_decline_detail, it, intent.currency));
        RETURN outcome_of('declined', it);
    END IF;
    UPDATE schedules s
    SET status = 'active', confirmed_at = context.at, next_due_on = the_first, next_at = the_first_at
    WHERE s.pk = kept.pk;
    PERFORM record_decision('confirmed', context, intent.customer, salt, the_detail);
    RETURN plain_outcome('scheduled');
END
$$;

-- Ends a schedule, proposed or in force: cancelled or not_active.
CREATE FUNCTION cancel_schedule(
    the_customer text, the_id text, context command_context, the_detail text, salt bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept schedules;
BEGIN
    PERFORM enter();
    kept := lock_schedule(the_customer, the_id);
    IF kept.pk IS NULL OR kept.status NOT IN ('proposed', 'active') THEN
        RETURN 'not_active';
    END IF;
    UPDATE schedules s
    SET status = 'cancelled', ended_at = context.at, next_due_on = NULL, next_at = NULL WHERE s.pk = kept.pk;
    PERFORM record_decision('cancelled', context, the_customer, salt, the_detail);
    RETURN 'cancelled';
END
$$;

-- Goes on to the next occurrence, or ends the schedule behind its last.
CREATE FUNCTION advance_schedule(kept schedules, at bigint, the_next date, the_next_at bigint) RETURNS void
LANGUAGE sql AS $$
    UPDATE schedules s
    SET status = CASE WHEN the_next IS NULL THEN 'completed' ELSE 'active' END,
        ended_at = CASE WHEN the_next IS NULL THEN at END,
        next_number = CASE WHEN the_next IS NULL THEN s.next_number ELSE s.next_number + 1 END,
        next_due_on = the_next,
        next_at = CASE WHEN the_next IS NULL THEN NULL ELSE the_next_at END
    WHERE s.pk = kept.pk
$$;

CREATE FUNCTION record_run(
    kept schedules, the_status text, the_tries integer, the_reason text, the_transfer bigint, at bigint
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO schedule_runs
        (schedule_pk, due_on, status, tries, reason, transfer_pk, first_at, resolved_at)
    VALUES (kept.pk, kept.next_due_on, the_status, the_tries, the_reason, the_transfer, at,
        CASE WHEN the_status = 'waiting' THEN NULL ELSE at END)
    ON CONFLICT (schedule_pk, due_on) DO UPDATE
    SET status = excluded.status, tries = schedule_runs.tries + excluded.tries, reason = excluded.reason,
        transfer_pk = excluded.transfer_pk, resolved_at = excluded.resolved_at
$$;

-- Leaves out the occurrence due on this day, if it is the next one: skipped or not_active.
CREATE FUNCTION skip_schedule(
    the_customer text, the_id text, context command_context, the_due date, the_next date, the_next_at bigint,
    the_detail text, salt bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept schedules;
BEGIN
    PERFORM enter();
    kept := lock_schedule(the_customer, the_id);
    IF kept.next_due_on IS DISTINCT FROM the_due OR kept.pk IS NULL THEN
        RETURN 'not_active';
    END IF;
    PERFORM record_run(kept, 'skipped', 0, NULL, NULL, context.at);
    PERFORM record_decision('occurrence_skipped', context, the_customer, salt, the_detail);
    PERFORM advance_schedule(kept, context.at, the_next, the_next_at);
    RETURN 'skipped';
END
$$;

-- Carries out the occurrence due on this day, if it still is the next one and due: posted; failed, with the
-- reason; missed; waiting, until `the_retry_at` (until `the_stopped_retry_at` while all money is stopped); or not_due, when somebody else is at it or did it.
CREATE FUNCTION run_schedule(
    intent money_intent, rules money_rules, context command_context,
    the_id text, the_due date, is_missed boolean, the_retry_at bigint, the_stopped_retry_at bigint, the_next date, the_next_at bigint,
    the_transfer text, the_key text, the_posted_detail text, the_decline_detail text,
    the_payload text, the_decline_payload text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    it     standing;
    kept   schedules;
    posted record;
BEGIN
    PERFORM enter();
    SELECT s.* INTO kept FROM schedules s
    WHERE s.id = the_id AND s.status = 'active' AND s.next_due_on = the_due AND s.next_at <= context.at
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN plain_outcome('not_due');
    END IF;
    IF is_missed THEN
        PERFORM record_run(kept, 'missed', 1, NULL, NULL, context.at);
        PERFORM record_decision('occurrence_failed', context, intent.customer, salt, the_decline_detail);
        PERFORM publish('schedule.occurrence_failed', the_decline_payload, context.at);
        PERFORM advance_schedule(kept, context.at, the_next, the_next_at);
        RETURN plain_outcome('missed');
    END IF;
    it := stand(intent, rules, true);
    IF it.decline IS NULL THEN
        posted := post(it, intent, context.at, the_transfer, the_key);
        PERFORM record_run(kept, 'posted', 1, NULL, posted.posted_pk, context.at);
        PERFORM record_decision('posted', context, intent.customer, salt, the_posted_detail);
        PERFORM publish('transfer.posted', the_payload, context.at);
        PERFORM advance_schedule(kept, context.at, the_next, the_next_at);
        RETURN plain_outcome('posted');
    END IF;
    IF it.decline = 'money_stopped' THEN
        the_retry_at := the_stopped_retry_at;
    ELSIF it.decline NOT IN ('insufficient_funds', 'over_daily_limit') THEN
        the_retry_at := NULL;
    END IF;
    IF the_retry_at IS NOT NULL THEN
        PERFORM record_run(kept, 'waiting', 1, it.decline, NULL, context.at);
        UPDATE schedules s SET next_at = the_retry_at WHERE s.pk = kept.pk;
        RETURN outcome_of('waiting', it);
    END IF;
    PERFORM record_run(kept, 'failed', 1, it.decline, NULL, context.at);
    PERFORM record_decision('occurrence_failed', context, intent.customer, salt,
        declined_detail(the_decline_detail, it, intent.currency));
    PERFORM publish('schedule.occurrence_failed',
        declined_detail(the_decline_payload, it, intent.currency), context.at);
    PERFORM advance_schedule(kept, context.at, the_next, the_next_at);
    RETURN outcome_of('failed', it);
END
$$;

-- Ends a proposal whose time is over, unless it is being answered at this moment.
CREATE FUNCTION expire_schedule(the_id text, context command_context, the_detail text, salt bytea)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    PERFORM enter();
    SELECT s.pk, c.id AS customer INTO kept FROM schedules s JOIN customers c ON c.pk = s.customer_pk
    WHERE s.id = the_id AND s.status = 'proposed' AND s.expires_at <= context.at
    FOR NO KEY UPDATE OF s SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE schedules s SET status = 'expired', ended_at = context.at WHERE s.pk = kept.pk;
    PERFORM record_decision('expired', context, kept.customer, salt, the_detail);
    RETURN true;
END
$$;
