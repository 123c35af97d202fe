DELETE FROM channel_links WHERE channel = ?1 AND address = ?2 AND session_id = ?3
