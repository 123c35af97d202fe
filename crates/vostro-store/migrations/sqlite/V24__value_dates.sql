-- The business day on which a posted transfer counts as made is part of its receipt from here on, which is JSON: for
-- that nothing changes here. An index goes that every proposal and every posting paid for: confirmations are read by
-- their ids, and an erased customer's open ones are found among all that are open.
DROP INDEX confirmations_by_customer;
