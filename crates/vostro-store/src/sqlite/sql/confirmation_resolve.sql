UPDATE confirmations
SET status = ?2, resolved_at = ?3, transfer_pk = ?4, receipt = ?5
WHERE pk = ?1
