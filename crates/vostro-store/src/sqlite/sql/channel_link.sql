SELECT channel, address, customer_id, session_id, linked_at FROM channel_links WHERE channel = ?1 AND address = ?2
