INSERT INTO channel_links (channel, address, customer_id, session_id, linked_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (channel, address) DO NOTHING
