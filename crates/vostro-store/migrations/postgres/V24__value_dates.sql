-- The business day on which a posted transfer counts as made, by the calendar in force when it was posted: part of
-- its receipt. Transfers of before have none.
CREATE TABLE value_dates (
    transfer_pk bigint NOT NULL PRIMARY KEY REFERENCES transfers (pk),
    value_date  date   NOT NULL
);

CREATE TRIGGER value_dates_stay BEFORE UPDATE OR DELETE ON value_dates FOR EACH ROW
    EXECUTE FUNCTION refuse_change('a value date is final');

-- What a money command answered; where it posted this transfer now, with its value date on record.
CREATE FUNCTION dated(done money_outcome, the_transfer text, the_date text) RETURNS money_outcome
LANGUAGE plpgsql AS $$
BEGIN
    IF done.outcome = 'posted' THEN
        INSERT INTO value_dates (transfer_pk, value_date)
        SELECT t.pk, the_date::date FROM transfers t WHERE t.id = the_transfer;
    END IF;
    RETURN done;
END
$$;
