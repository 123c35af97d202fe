-- Customers of a core banking system have no row in customers: what is theirs is found by their id.
CREATE INDEX core_transfers_of_customer ON core_transfers (customer_id);
