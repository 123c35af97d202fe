-- Conversations that a person takes over: the queue, and a thread of messages for each of its entries.
--
-- A session may have an entry before its first turn is recorded, so session_id names no row. Text is
-- masked before it comes here.
CREATE TABLE hand_offs (
    pk          bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text     NOT NULL UNIQUE,
    session_id  text     NOT NULL,
    customer_id text     NOT NULL,
    turn_id     text     NOT NULL,
    reason      text     NOT NULL,
    priority    integer  NOT NULL CHECK (priority BETWEEN 0 AND 9),
    summary     json     NOT NULL,
    status      text     NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'claimed', 'closed')),
    colleague   text,
    opened_at   bigint   NOT NULL,
    claimed_at  bigint,
    closed_at   bigint,
    ended       text     CHECK (ended IN ('resolved', 'given_back')),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((status = 'closed') = (ended IS NOT NULL)),
    CHECK ((status = 'waiting') = (colleague IS NULL)),
    CHECK (status <> 'claimed' OR claimed_at IS NOT NULL)
);
CREATE UNIQUE INDEX hand_offs_open ON hand_offs (session_id) WHERE status <> 'closed';
CREATE INDEX hand_offs_of_session ON hand_offs (session_id, pk);
CREATE INDEX hand_offs_queue ON hand_offs (status, priority, pk) WHERE status <> 'closed';
CREATE INDEX hand_offs_closed ON hand_offs (pk) WHERE status = 'closed';

CREATE TRIGGER hand_offs_close_once BEFORE UPDATE ON hand_offs FOR EACH ROW
    WHEN (OLD.status = 'closed'
        OR (OLD.session_id, OLD.customer_id) IS DISTINCT FROM (NEW.session_id, NEW.customer_id))
    EXECUTE FUNCTION refuse_change('a hand-off is closed once and stays its session''s');

CREATE TABLE hand_off_messages (
    hand_off_pk bigint  NOT NULL REFERENCES hand_offs (pk),
    number      integer NOT NULL CHECK (number > 0),
    sender      text    NOT NULL CHECK (sender IN ('customer', 'colleague')),
    text        text    NOT NULL,
    at          bigint  NOT NULL,
    PRIMARY KEY (hand_off_pk, number)
);

CREATE VIEW hand_offs_seen AS
SELECT h.pk, h.id, h.session_id, h.customer_id, h.reason, h.priority, h.summary::text AS summary, h.status,
    h.colleague, h.opened_at, h.claimed_at, h.closed_at, h.ended,
    (SELECT coalesce(max(m.number), 0) FROM hand_off_messages m WHERE m.hand_off_pk = h.pk) AS messages
FROM hand_offs h;

-- Puts a conversation in the queue, or brings its entry up to date; gives the entry's id. What is told of
-- it names the entry that there is: an id is 128 random bits, so replacing it touches nothing else.
CREATE FUNCTION open_hand_off(
    the_id text, the_session text, the_customer text, the_turn text, the_reason text, the_priority integer,
    the_summary text, audit decisions, at bigint
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    PERFORM enter();
    LOOP
        UPDATE hand_offs h
        SET summary = the_summary::json,
            reason = CASE WHEN the_priority < h.priority THEN the_reason ELSE h.reason END,
            priority = least(h.priority, the_priority)
        WHERE h.session_id = the_session AND h.customer_id = the_customer AND h.status <> 'closed'
        RETURNING h.id INTO kept;
        EXIT WHEN FOUND;
        INSERT INTO hand_offs (id, session_id, customer_id, turn_id, reason, priority, summary, opened_at)
        VALUES (the_id, the_session, the_customer, the_turn, the_reason, the_priority, the_summary::json, at)
        ON CONFLICT (session_id) WHERE status <> 'closed' DO NOTHING
        RETURNING id INTO kept;
        EXIT WHEN FOUND;
        -- Another customer's session: its entry is not to be touched.
        IF EXISTS (SELECT 1 FROM hand_offs h
                   WHERE h.session_id = the_session AND h.customer_id <> the_customer AND h.status <> 'closed')
        THEN
            RETURN NULL;
        END IF;
    END LOOP;
    audit.details[1] := replace(audit.details[1], the_id, kept);
    audit.payloads[1] := replace(audit.payloads[1], the_id, kept);
    PERFORM record_decisions(audit, at);
    RETURN kept;
END
$$;

-- Gives a waiting entry to a colleague: changed, conflict or absent.
CREATE FUNCTION claim_hand_off(the_id text, the_colleague text, audit decisions, at bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    kept hand_offs;
BEGIN
    PERFORM enter();
    SELECT h.* INTO kept FROM hand_offs h WHERE h.id = the_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'absent';
    ELSIF kept.status = 'claimed' AND kept.colleague = the_colleague THEN
        RETURN 'changed';
    ELSIF kept.status <> 'waiting' THEN
        RETURN 'conflict';
    END IF;
    UPDATE hand_offs h SET status = 'claimed', colleague = the_colleague, claimed_at = at WHERE h.pk = kept.pk;
    PERFORM record_decisions(audit, at);
    RETURN 'changed';
END
$$;

-- Adds a message to the thread of a claimed entry (a colleague's only if they have it), with its audit rows;
-- gives its number, 0 for a conflict, NULL when there is no such entry.
CREATE FUNCTION add_hand_off_message(
    the_id text, the_sender text, the_colleague text, the_text text, audit decisions, at bigint
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    kept   hand_offs;
    placed integer;
BEGIN
    PERFORM enter();
    SELECT h.* INTO kept FROM hand_offs h WHERE h.id = the_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF kept.status <> 'claimed' OR (the_sender = 'colleague' AND kept.colleague <> the_colleague) THEN
        RETURN 0;
    END IF;
    SELECT coalesce(max(m.number), 0) + 1 INTO placed FROM hand_off_messages m WHERE m.hand_off_pk = kept.pk;
    INSERT INTO hand_off_messages (hand_off_pk, number, sender, text, at)
    VALUES (kept.pk, placed, the_sender, the_text, at);
    PERFORM record_decisions(audit, at);
    RETURN placed;
END
$$;

-- Ends an entry: changed, conflict or absent.
CREATE FUNCTION close_hand_off(the_id text, the_colleague text, the_end text, audit decisions, at bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept hand_offs;
BEGIN
    PERFORM enter();
    SELECT h.* INTO kept FROM hand_offs h WHERE h.id = the_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'absent';
    ELSIF kept.status = 'closed' OR (kept.status = 'claimed' AND kept.colleague <> the_colleague) THEN
        RETURN 'conflict';
    END IF;
    UPDATE hand_offs h
    SET status = 'closed', colleague = the_colleague, closed_at = at, ended = the_end WHERE h.pk = kept.pk;
    PERFORM record_decisions(audit, at);
    RETURN 'changed';
END
$$;
