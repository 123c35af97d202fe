-- Nothing changes here: ending an order and leaving out a payment are changes of a customer's records from here on, and
-- those are made by the program. With PostgreSQL a function makes them.
SELECT 1;
