-- Requests with an Idempotency-Key. A request is answered when its turn is in `turns`; the reply is read
-- from there. Key and body are hashes with the key as part of both, so neither can be guessed from a row.
CREATE TABLE idempotent_requests (
    customer_id text    NOT NULL,
    operation   text    NOT NULL,
    key_hash    bytea   NOT NULL CHECK (length(key_hash) = 32),
    body_hash   bytea   NOT NULL CHECK (length(body_hash) = 32),
    -- The id that the turn has, or will have.
    turn_id     text    NOT NULL,
    -- How often it was claimed: more than once when a holder was gone.
    attempts    integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
    claimed_at  bigint  NOT NULL,
    lease_ends  bigint  NOT NULL,
    -- A refusal that stands.
    status      integer CHECK (status BETWEEN 400 AND 499),
    detail      text CHECK ((detail IS NULL) = (status IS NULL)),
    PRIMARY KEY (customer_id, operation, key_hash)
);
CREATE INDEX idempotent_requests_by_age ON idempotent_requests (claimed_at);

-- Claims a request, or says how it stands. Takes no lock but the request's own row, and writes nothing that
-- `settled` looks at, so it does not begin with `enter`.
CREATE FUNCTION claim_request(
    the_customer text, the_operation text, the_key bytea, the_body bytea, the_turn text,
    now_at bigint, the_lease_ends bigint,
    OUT outcome text, OUT turn text, OUT attempt integer, OUT until bigint, OUT status integer, OUT detail text
) LANGUAGE plpgsql AS $$
DECLARE
    known idempotent_requests;
BEGIN
    LOOP
        INSERT INTO idempotent_requests
            (customer_id, operation, key_hash, body_hash, turn_id, claimed_at, lease_ends)
        VALUES (the_customer, the_operation, the_key, the_body, the_turn, now_at, the_lease_ends)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            outcome := 'granted';
            turn := the_turn;
            attempt := 1;
            RETURN;
        END IF;
        SELECT * INTO known FROM idempotent_requests r
        WHERE r.customer_id = the_customer AND r.operation = the_operation AND r.key_hash = the_key
        FOR UPDATE;
        -- Else it was given up in between.
        EXIT WHEN FOUND;
    END LOOP;
    turn := known.turn_id;
    attempt := known.attempts;
    IF known.body_hash <> the_body THEN
        outcome := 'other_body';
    ELSIF EXISTS (SELECT 1 FROM turns t WHERE t.id = known.turn_id) THEN
        outcome := 'answered';
    ELSIF known.status IS NOT NULL THEN
        outcome := 'refused';
        status := known.status;
        detail := known.detail;
    ELSIF known.lease_ends > now_at THEN
        outcome := 'in_flight';
        until := known.lease_ends;
    ELSE
        UPDATE idempotent_requests r SET attempts = r.attempts + 1, lease_ends = the_lease_ends
        WHERE r.customer_id = the_customer AND r.operation = the_operation AND r.key_hash = the_key
        RETURNING r.attempts INTO attempt;
        outcome := 'granted';
    END IF;
END
$$;
