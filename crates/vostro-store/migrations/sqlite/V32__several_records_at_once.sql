-- Nothing changes here: another amount for an alert, and removing several alerts or payees by one yes, are changes of a
-- customer's records, and those are made by the program. With PostgreSQL a function makes them.
SELECT 1;
