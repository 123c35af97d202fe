SELECT channel, address, customer_id, session_id, linked_at FROM channel_links WHERE session_id = ?1
