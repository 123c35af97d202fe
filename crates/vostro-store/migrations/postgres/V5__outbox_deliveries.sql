-- Deliveries of outbox messages, one for each message and endpoint that asked for its topic.
--
-- outbox.status is 'delivered' from when a message was handed over to its deliveries (resolved_at says
-- when); outbox.attempts and outbox.due_at are not used any more.
CREATE TABLE outbox_deliveries (
    endpoint     text    NOT NULL,
    sequence     bigint  NOT NULL REFERENCES outbox (sequence),
    status       text    NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
    attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- When it may be claimed: the next attempt, or the end of the claim that it is under.
    due_at       bigint  NOT NULL,
    published_at bigint  NOT NULL,
    resolved_at  bigint  CHECK ((resolved_at IS NULL) = (status = 'pending')),
    -- How the last attempt ended.
    outcome      text,
    http_status  integer,
    PRIMARY KEY (sequence, endpoint)
);
CREATE INDEX outbox_deliveries_due ON outbox_deliveries (endpoint, due_at, sequence)
    WHERE status = 'pending';
CREATE INDEX outbox_deliveries_owed ON outbox_deliveries (published_at) WHERE status = 'pending';
CREATE INDEX outbox_deliveries_dead ON outbox_deliveries (endpoint, sequence) WHERE status = 'dead';
CREATE INDEX outbox_deliveries_resolved ON outbox_deliveries (status, resolved_at)
    WHERE status <> 'pending';
CREATE INDEX outbox_handed_over ON outbox (resolved_at) WHERE status = 'delivered';
