UPDATE holds
SET status = ?2, resolved_at = ?3, transfer_pk = coalesce(transfer_pk, ?4)
WHERE pk = ?1
