-- Addresses of channels and whose they are, and what a channel is owed.
--
-- A link may be there before its conversation, and customers may be a core banking system's, so session_id and
-- customer_id name no rows.
CREATE TABLE channel_links (
    pk          INTEGER PRIMARY KEY,
    channel     TEXT    NOT NULL,
    address     TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    session_id  TEXT    NOT NULL UNIQUE,
    linked_at   INTEGER NOT NULL,
    UNIQUE (channel, address)
) STRICT;
CREATE INDEX channel_links_of_customer ON channel_links (customer_id, channel, address);

CREATE TRIGGER channel_links_stay BEFORE UPDATE ON channel_links
BEGIN
    SELECT RAISE(ABORT, 'a link is made and taken away, never changed');
END;

-- A channel is told from the transaction on that has something to tell. The recipient is known, so the message is
-- handed over at once, to it and nobody else; it names what is told, the words stay where they are.
CREATE TRIGGER turns_are_told AFTER INSERT ON turns
WHEN EXISTS (SELECT 1 FROM channel_links l WHERE l.session_id = NEW.session_id)
BEGIN
    INSERT INTO outbox (topic, payload, status, created_at, due_at, resolved_at)
    VALUES ('channel.message', json_object('session', NEW.session_id, 'turn', NEW.id),
        'delivered', NEW.at, NEW.at, NEW.at);
    INSERT INTO outbox_deliveries (endpoint, sequence, due_at, published_at)
    SELECT 'channel-' || l.channel, last_insert_rowid(), NEW.at, NEW.at
    FROM channel_links l WHERE l.session_id = NEW.session_id;
END;

CREATE TRIGGER colleagues_words_are_told AFTER INSERT ON hand_off_messages
WHEN NEW.sender = 'colleague' AND EXISTS (
    SELECT 1 FROM hand_offs h JOIN channel_links l ON l.session_id = h.session_id WHERE h.pk = NEW.hand_off_pk
)
BEGIN
    INSERT INTO outbox (topic, payload, status, created_at, due_at, resolved_at)
    SELECT 'channel.message',
        json_object('session', h.session_id, 'hand_off', h.id, 'number', NEW.number),
        'delivered', NEW.at, NEW.at, NEW.at
    FROM hand_offs h WHERE h.pk = NEW.hand_off_pk;
    INSERT INTO outbox_deliveries (endpoint, sequence, due_at, published_at)
    SELECT 'channel-' || l.channel, last_insert_rowid(), NEW.at, NEW.at
    FROM hand_offs h JOIN channel_links l ON l.session_id = h.session_id WHERE h.pk = NEW.hand_off_pk;
END;

CREATE TRIGGER customers_erased_have_no_address AFTER UPDATE OF erased_at ON customers
WHEN OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
BEGIN
    DELETE FROM channel_links WHERE customer_id = NEW.id;
END;
