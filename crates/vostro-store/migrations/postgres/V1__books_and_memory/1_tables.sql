-- The books, the confirmations, the conversations' memory, the audit trail and the outbox.
--
-- Amounts are whole minor units (cents) in BIGINT. Instants are BIGINT microseconds since 1970-01-01 UTC,
-- as the other driver keeps them: what is written is what is read back, whatever the session's time
-- zone. Days are DATE. JSON is json, which keeps the text as it was written. What money did is
-- append-only, and triggers say so; what may change (a transfer's status, a hold's, a confirmation's)
-- changes once.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TABLE customers (
    pk           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text    NOT NULL UNIQUE,
    display_name text    NOT NULL,
    is_demo      boolean NOT NULL,
    opened_at    bigint  NOT NULL
);

-- A customer's account has an owner, a number, a floor, and a balance that every posting updates.
-- The bank's own accounts have none of these: they are hot, so postings only append entries, and
-- balance_minor holds the entries up to sequence rolled_up_to. A foreign key to an account would lock
-- its row on every posting; instead accounts are never deleted, and the trial balance looks for entries
-- of unknown ones.
CREATE TABLE accounts (
    pk            bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            text    NOT NULL UNIQUE,
    customer_pk   bigint  REFERENCES customers (pk),
    kind          text    NOT NULL,
    name          text    NOT NULL,
    number        text    UNIQUE,
    currency      text    NOT NULL CHECK (length(currency) = 3),
    status        text    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'frozen', 'closed')),
    balance_minor bigint  NOT NULL DEFAULT 0,
    held_minor    bigint  NOT NULL DEFAULT 0 CHECK (held_minor >= 0),
    floor_minor   bigint,
    rolled_up_to  bigint,
    position      bigint  NOT NULL DEFAULT 0,
    opened_at     bigint  NOT NULL,
    CHECK ((customer_pk IS NULL) = (number IS NULL)),
    CHECK ((customer_pk IS NULL) = (floor_minor IS NULL)),
    CHECK ((customer_pk IS NULL) = (rolled_up_to IS NOT NULL)),
    CONSTRAINT accounts_above_floor
        CHECK (floor_minor IS NULL OR balance_minor::numeric - held_minor >= floor_minor)
) WITH (fillfactor = 70);
CREATE INDEX accounts_by_customer ON accounts (customer_pk, position) WHERE customer_pk IS NOT NULL;
CREATE INDEX accounts_of_bank ON accounts (kind, currency) WHERE customer_pk IS NULL;

CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('accounts are closed, never deleted');
CREATE TRIGGER accounts_keep_their_terms BEFORE UPDATE ON accounts FOR EACH ROW
    WHEN ((OLD.pk, OLD.id, OLD.kind, OLD.currency) IS DISTINCT FROM (NEW.pk, NEW.id, NEW.kind, NEW.currency)
        OR OLD.customer_pk IS DISTINCT FROM NEW.customer_pk)
    EXECUTE FUNCTION refuse_change('an account keeps its owner, kind and currency');

CREATE TABLE payees (
    pk          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text   NOT NULL UNIQUE,
    customer_pk bigint NOT NULL REFERENCES customers (pk),
    name        text   NOT NULL,
    aliases     json   NOT NULL,
    number      text   NOT NULL,
    created_at  bigint NOT NULL,
    removed_at  bigint
);
CREATE INDEX payees_by_customer ON payees (customer_pk, pk) WHERE removed_at IS NULL;

CREATE TABLE billers (
    pk         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         text   NOT NULL UNIQUE,
    name       text   NOT NULL,
    aliases    json   NOT NULL,
    category   text   NOT NULL,
    account_pk bigint NOT NULL REFERENCES accounts (pk)
);

CREATE TABLE customer_billers (
    customer_pk bigint NOT NULL REFERENCES customers (pk),
    biller_pk   bigint NOT NULL REFERENCES billers (pk),
    reference   text   NOT NULL,
    PRIMARY KEY (customer_pk, biller_pk)
);

CREATE TABLE bills (
    pk           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_pk  bigint NOT NULL,
    biller_pk    bigint NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    paid_minor   bigint NOT NULL DEFAULT 0 CHECK (paid_minor BETWEEN 0 AND amount_minor),
    currency     text   NOT NULL CHECK (length(currency) = 3),
    issued_on    date   NOT NULL,
    due_on       date   NOT NULL,
    FOREIGN KEY (customer_pk, biller_pk) REFERENCES customer_billers (customer_pk, biller_pk)
);
CREATE INDEX bills_open ON bills (customer_pk, biller_pk, due_on) WHERE paid_minor < amount_minor;

-- One decision to move money. The order of pk is the order of the books. A transfer that waits
-- (pending, its funds held) resolves once: posted, voided or expired.
CREATE TABLE transfers (
    pk              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              text   NOT NULL UNIQUE,
    idempotency_key text   UNIQUE,
    kind            text   NOT NULL,
    status          text   NOT NULL CHECK (status IN ('pending', 'posted', 'voided', 'expired')),
    customer_pk     bigint REFERENCES customers (pk),
    source_pk       bigint NOT NULL,
    destination_pk  bigint NOT NULL,
    currency        text   NOT NULL CHECK (length(currency) = 3),
    amount_minor    bigint NOT NULL CHECK (amount_minor > 0),
    created_at      bigint NOT NULL,
    expires_at      bigint,
    resolved_at     bigint,
    reverses_pk     bigint REFERENCES transfers (pk),
    CHECK (source_pk <> destination_pk),
    CHECK ((status = 'pending') = (resolved_at IS NULL))
);
CREATE INDEX transfers_outgoing ON transfers (customer_pk, created_at)
    WHERE kind IN ('payee_transfer', 'bill_payment');
CREATE INDEX transfers_pending ON transfers (expires_at) WHERE status = 'pending';

CREATE TRIGGER transfers_resolve_once BEFORE UPDATE ON transfers FOR EACH ROW
    WHEN (OLD.status <> 'pending'
        OR (OLD.pk, OLD.id, OLD.idempotency_key, OLD.kind, OLD.customer_pk, OLD.source_pk,
            OLD.destination_pk, OLD.currency, OLD.amount_minor, OLD.created_at, OLD.reverses_pk)
            IS DISTINCT FROM
           (NEW.pk, NEW.id, NEW.idempotency_key, NEW.kind, NEW.customer_pk, NEW.source_pk,
            NEW.destination_pk, NEW.currency, NEW.amount_minor, NEW.created_at, NEW.reverses_pk))
    EXECUTE FUNCTION refuse_change('a transfer resolves once and keeps its terms');
CREATE TRIGGER transfers_stay BEFORE DELETE ON transfers
    FOR EACH ROW EXECUTE FUNCTION refuse_change('transfers are not deleted');

-- The lines of posted transfers. Their sum per transfer and currency is zero.
CREATE TABLE entries (
    sequence            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_pk         bigint NOT NULL REFERENCES transfers (pk),
    account_pk          bigint NOT NULL,
    customer_pk         bigint,
    amount_minor        bigint NOT NULL CHECK (amount_minor <> 0),
    balance_after_minor bigint,
    posted_at           bigint NOT NULL,
    category            text   NOT NULL,
    description         text   NOT NULL,
    merchant            text,
    CHECK ((customer_pk IS NULL) = (balance_after_minor IS NULL))
);
CREATE INDEX entries_by_transfer ON entries (transfer_pk);
-- By the sequence with its sign turned: newest first, and an order that the primary key does not give, so
-- that a page is never read by walking over everybody's entries.
CREATE INDEX entries_by_account ON entries (account_pk, (-sequence));
CREATE INDEX entries_by_customer ON entries (customer_pk, (-sequence)) WHERE customer_pk IS NOT NULL;
CREATE INDEX entries_by_time ON entries (customer_pk, posted_at, sequence)
    WHERE customer_pk IS NOT NULL;

CREATE TRIGGER entries_are_final BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change('entries are append-only');
CREATE TRIGGER entries_stay BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entries are append-only');

CREATE TABLE bill_payments (
    bill_pk      bigint NOT NULL REFERENCES bills (pk),
    transfer_pk  bigint NOT NULL REFERENCES transfers (pk),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (bill_pk, transfer_pk)
);
CREATE INDEX bill_payments_by_transfer ON bill_payments (transfer_pk);

-- Funds put aside; accounts.held_minor is the sum of those that are still held.
CREATE TABLE holds (
    pk           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text   NOT NULL UNIQUE,
    account_pk   bigint NOT NULL REFERENCES accounts (pk),
    transfer_pk  bigint REFERENCES transfers (pk),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason       text   NOT NULL,
    status       text   NOT NULL DEFAULT 'held'
                 CHECK (status IN ('held', 'captured', 'released', 'expired')),
    created_at   bigint NOT NULL,
    expires_at   bigint,
    resolved_at  bigint,
    CHECK ((status = 'held') = (resolved_at IS NULL))
);
CREATE INDEX holds_active ON holds (account_pk) WHERE status = 'held';
CREATE INDEX holds_expiring ON holds (expires_at) WHERE status = 'held';

CREATE TRIGGER holds_resolve_once BEFORE UPDATE ON holds FOR EACH ROW
    WHEN (OLD.status <> 'held' OR OLD.account_pk <> NEW.account_pk OR OLD.amount_minor <> NEW.amount_minor)
    EXECUTE FUNCTION refuse_change('a hold resolves once and keeps its terms');

-- What a customer was asked and answered. 'open' is left once; the balances are the receipt's. detail is
-- what the audit trail says of it, written down with the proposal so that its end needs no second look.
CREATE TABLE confirmations (
    pk                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                     text   NOT NULL UNIQUE,
    customer_pk            bigint NOT NULL REFERENCES customers (pk),
    intent                 json   NOT NULL,
    intent_hash            bytea  NOT NULL CHECK (length(intent_hash) = 32),
    detail                 text   NOT NULL CHECK (detail::json IS NOT NULL),
    status                 text   NOT NULL DEFAULT 'open'
                           CHECK (status IN ('open', 'posted', 'declined', 'cancelled', 'expired')),
    created_at             bigint NOT NULL,
    expires_at             bigint NOT NULL,
    resolved_at            bigint,
    transfer_pk            bigint UNIQUE REFERENCES transfers (pk),
    source_balance_minor   bigint,
    source_available_minor bigint,
    CHECK ((status = 'open') = (resolved_at IS NULL)),
    CHECK ((status = 'posted') = (transfer_pk IS NOT NULL)),
    CHECK ((status = 'posted') = (source_balance_minor IS NOT NULL)),
    CHECK ((status = 'posted') = (source_available_minor IS NOT NULL))
);
CREATE INDEX confirmations_open ON confirmations (expires_at) WHERE status = 'open';
CREATE INDEX confirmations_by_customer ON confirmations (customer_pk);

CREATE TRIGGER confirmations_single_use BEFORE UPDATE ON confirmations FOR EACH ROW
    WHEN (OLD.status <> 'open'
        OR (OLD.id, OLD.customer_pk, OLD.intent::text, OLD.intent_hash, OLD.detail, OLD.expires_at)
            IS DISTINCT FROM
           (NEW.id, NEW.customer_pk, NEW.intent::text, NEW.intent_hash, NEW.detail, NEW.expires_at))
    EXECUTE FUNCTION refuse_change('a confirmation is used once and keeps its terms');
CREATE TRIGGER confirmations_stay BEFORE DELETE ON confirmations
    FOR EACH ROW EXECUTE FUNCTION refuse_change('confirmations are not deleted');

-- One row per decision: what, when, in which turn, and a commitment to the particulars.
CREATE TABLE audit_events (
    sequence   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text   NOT NULL,
    at         bigint NOT NULL,
    session_id text,
    turn_id    text,
    commitment bytea  NOT NULL CHECK (length(commitment) = 32)
);
CREATE INDEX audit_events_by_session ON audit_events (session_id) WHERE session_id IS NOT NULL;

CREATE TRIGGER audit_events_are_final BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the audit trail is append-only');
CREATE TRIGGER audit_events_stay BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit trail is append-only');

-- What the commitment is over. Deleted when the customer is erased; never changed.
CREATE TABLE audit_details (
    sequence    bigint PRIMARY KEY REFERENCES audit_events (sequence),
    customer_id text   NOT NULL,
    salt        bytea  NOT NULL CHECK (length(salt) = 32),
    detail      json   NOT NULL
);
CREATE INDEX audit_details_by_customer ON audit_details (customer_id);

CREATE TRIGGER audit_details_are_final BEFORE UPDATE ON audit_details
    FOR EACH ROW EXECUTE FUNCTION refuse_change('audit details are erased or kept, never changed');

-- The chain over the commitments, filled in the background: one row per sealed stretch of the trail.
CREATE TABLE audit_seals (
    pk             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_sequence bigint NOT NULL UNIQUE,
    last_sequence  bigint NOT NULL UNIQUE,
    previous_hash  bytea  NOT NULL CHECK (length(previous_hash) = 32),
    hash           bytea  NOT NULL CHECK (length(hash) = 32),
    key_id         text   NOT NULL,
    signature      bytea  NOT NULL,
    sealed_at      bigint NOT NULL,
    CHECK (last_sequence >= first_sequence)
);

CREATE TRIGGER audit_seals_are_final BEFORE UPDATE OR DELETE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION refuse_change('seals are append-only');

-- Events for the outside. A row is due from due_at on; taking it moves due_at past the lease.
-- Receivers drop repeats by sequence, which is never used again.
CREATE TABLE outbox (
    sequence    bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic       text    NOT NULL,
    payload     json    NOT NULL,
    status      text    NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
    attempts    integer NOT NULL DEFAULT 0,
    created_at  bigint  NOT NULL,
    due_at      bigint  NOT NULL,
    resolved_at bigint
);
CREATE INDEX outbox_pending ON outbox (sequence) WHERE status = 'pending';

CREATE TABLE sessions (
    id           text   PRIMARY KEY,
    customer_id  text   NOT NULL,
    version      bigint NOT NULL,
    state        json   NOT NULL,
    opened_at    bigint NOT NULL,
    last_seen_at bigint NOT NULL
);
CREATE INDEX sessions_by_customer ON sessions (customer_id, last_seen_at);

CREATE TABLE turns (
    pk                bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                text    NOT NULL UNIQUE,
    session_id        text    NOT NULL REFERENCES sessions (id),
    customer_id       text    NOT NULL,
    version           bigint  NOT NULL,
    at                bigint  NOT NULL,
    message_masked    text    NOT NULL,
    reply_masked      text    NOT NULL,
    guardrails_passed boolean NOT NULL,
    intent            text,
    commands          json    NOT NULL,
    events            json    NOT NULL,
    UNIQUE (session_id, version)
);
CREATE INDEX turns_by_customer ON turns (customer_id);
