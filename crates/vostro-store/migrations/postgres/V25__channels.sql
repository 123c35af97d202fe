-- Addresses of channels and whose they are, and what a channel is owed.
--
-- A link may be there before its conversation, and customers may be a core banking system's, so session_id and
-- customer_id name no rows.
CREATE TABLE channel_links (
    pk          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel     text   NOT NULL,
    address     text   NOT NULL,
    customer_id text   NOT NULL,
    session_id  text   NOT NULL UNIQUE,
    linked_at   bigint NOT NULL,
    UNIQUE (channel, address)
);
CREATE INDEX channel_links_of_customer ON channel_links (customer_id, channel, address);

CREATE TRIGGER channel_links_stay BEFORE UPDATE ON channel_links FOR EACH ROW
    EXECUTE FUNCTION refuse_change('a link is made and taken away, never changed');

-- Owes a channel a message. The recipient is known, so it is handed over at once, to it and nobody else; it names
-- what is told, the words stay where they are.
CREATE FUNCTION owe_channel(the_channel text, the_payload json, at bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    placed bigint;
BEGIN
    INSERT INTO outbox (topic, payload, status, created_at, due_at, resolved_at)
    VALUES ('channel.message', the_payload, 'delivered', at, at, at)
    RETURNING sequence INTO placed;
    INSERT INTO outbox_deliveries (endpoint, sequence, due_at, published_at)
    VALUES ('channel-' || the_channel, placed, at, at);
END
$$;

-- A channel is told from the transaction on that has something to tell.
CREATE FUNCTION tell_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    SELECT l.channel INTO told FROM channel_links l WHERE l.session_id = NEW.session_id;
    IF FOUND THEN
        PERFORM owe_channel(told, json_build_object('session', NEW.session_id, 'turn', NEW.id), NEW.at);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER turns_are_told AFTER INSERT ON turns FOR EACH ROW EXECUTE FUNCTION tell_of_turn();

CREATE FUNCTION tell_of_colleague() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told record;
BEGIN
    SELECT l.channel, h.id, h.session_id INTO told
    FROM hand_offs h JOIN channel_links l ON l.session_id = h.session_id WHERE h.pk = NEW.hand_off_pk;
    IF FOUND THEN
        PERFORM owe_channel(told.channel,
            json_build_object('session', told.session_id, 'hand_off', told.id, 'number', NEW.number), NEW.at);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER colleagues_words_are_told AFTER INSERT ON hand_off_messages FOR EACH ROW
    WHEN (NEW.sender = 'colleague') EXECUTE FUNCTION tell_of_colleague();

CREATE FUNCTION forget_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM channel_links l WHERE l.customer_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_erased_have_no_address AFTER UPDATE OF erased_at ON customers FOR EACH ROW
    WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL) EXECUTE FUNCTION forget_addresses();

-- Links an address to a customer: linked, as_before, or taken by another.
CREATE FUNCTION link_channel(
    the_channel text, the_address text, the_customer text, the_session text, audit decisions, at bigint
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    owner text;
BEGIN
    PERFORM enter();
    INSERT INTO channel_links (channel, address, customer_id, session_id, linked_at)
    VALUES (the_channel, the_address, the_customer, the_session, at)
    ON CONFLICT (channel, address) DO NOTHING;
    IF FOUND THEN
        PERFORM record_decisions(audit, at);
        RETURN 'linked';
    END IF;
    SELECT l.customer_id INTO owner FROM channel_links l
    WHERE l.channel = the_channel AND l.address = the_address;
    RETURN CASE WHEN owner = the_customer THEN 'as_before' ELSE 'taken' END;
END
$$;

CREATE FUNCTION unlink_channel(
    the_channel text, the_address text, the_session text, audit decisions, at bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    DELETE FROM channel_links l
    WHERE l.channel = the_channel AND l.address = the_address AND l.session_id = the_session;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;
