-- Orders to turn the money switch that take two administrators: one asks, another approves. That they are two is
-- held here as well; what was decided stays as it was.
CREATE TABLE switch_requests (
    pk           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text    NOT NULL UNIQUE,
    stopped      boolean NOT NULL,
    requested_by text    NOT NULL,
    reason       text    NOT NULL,
    requested_at bigint  NOT NULL,
    expires_at   bigint  NOT NULL,
    status       text    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'withdrawn')),
    decided_by   text,
    decided_at   bigint,
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK (status <> 'approved' OR decided_by <> requested_by)
);
CREATE INDEX switch_requests_open ON switch_requests (pk) WHERE status = 'open';

CREATE TRIGGER switch_requests_are_decided_once BEFORE UPDATE ON switch_requests FOR EACH ROW
    WHEN (OLD.status <> 'open' OR (OLD.id, OLD.stopped, OLD.requested_by, OLD.expires_at)
        IS DISTINCT FROM (NEW.id, NEW.stopped, NEW.requested_by, NEW.expires_at))
    EXECUTE FUNCTION refuse_change('a request is decided once and stays what was asked');
CREATE TRIGGER switch_requests_stay BEFORE DELETE ON switch_requests FOR EACH ROW
    EXECUTE FUNCTION refuse_change('a request is decided, never removed');

-- Asks for the switch to be turned. An id that is there stays what it was.
CREATE FUNCTION request_switch(
    the_id text, to_stop boolean, the_orderer text, the_reason text, ends_at bigint,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    INSERT INTO switch_requests (id, stopped, requested_by, reason, requested_at, expires_at)
    VALUES (the_id, to_stop, the_orderer, the_reason, context.at, ends_at)
    ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        PERFORM note('money_switch_requested', NULL, context, now_reads, '(bank)', salt,
            merged(json_build_object('request', the_id, 'stopped', to_stop)::text, the_order));
    END IF;
END
$$;

-- Approves a request and turns the switch, or takes the request back: turned, withdrawn, same_person or not_open.
CREATE FUNCTION decide_switch(
    the_id text, is_approved boolean, the_decider text,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept   switch_requests;
    detail text;
BEGIN
    -- The lock of the switch before the row's, as whoever turns it does.
    PERFORM pg_advisory_xact_lock(7308895158390480242);
    SELECT r.* INTO kept FROM switch_requests r WHERE r.id = the_id FOR NO KEY UPDATE;
    IF NOT FOUND OR kept.status <> 'open' OR kept.expires_at <= context.at THEN
        RETURN 'not_open';
    ELSIF is_approved AND kept.requested_by = the_decider THEN
        RETURN 'same_person';
    END IF;
    UPDATE switch_requests r
    SET status = CASE WHEN is_approved THEN 'approved' ELSE 'withdrawn' END,
        decided_by = the_decider, decided_at = context.at
    WHERE r.pk = kept.pk;
    IF NOT is_approved THEN
        PERFORM note('money_switch_withdrawn', NULL, context, now_reads, '(bank)', salt,
            merged(json_build_object('request', the_id, 'stopped', kept.stopped)::text, the_order));
        RETURN 'withdrawn';
    END IF;
    detail := merged(json_build_object('request', the_id, 'requested_by', kept.requested_by,
        'requested_for', kept.reason)::text, the_order);
    PERFORM switch_money(kept.stopped, kept.requested_by, kept.reason, context, now_reads, detail, salt);
    RETURN 'turned';
END
$$;
