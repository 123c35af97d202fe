UPDATE core_transfers
SET status = ?4, receipt = ?5,
    sent_at = CASE WHEN ?4 = 'sent' THEN ?6 ELSE sent_at END,
    resolved_at = CASE WHEN ?4 = 'sent' THEN NULL ELSE ?6 END
WHERE confirmation_id = ?1 AND customer_id = ?2 AND status = ?3
