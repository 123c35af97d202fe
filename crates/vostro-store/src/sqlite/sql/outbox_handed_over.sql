UPDATE outbox SET status = 'delivered', resolved_at = ?2 WHERE sequence = ?1
