DELETE FROM channel_links WHERE customer_id = ?1
