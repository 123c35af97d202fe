SELECT channel, address, customer_id, session_id, linked_at FROM channel_links WHERE customer_id = $1::text
ORDER BY channel COLLATE "C", address COLLATE "C"
