-- Nothing changes here: the embedded store has one process, which searches vectors in its memory. With PostgreSQL the
-- database can search them from here on.
SELECT 1;
