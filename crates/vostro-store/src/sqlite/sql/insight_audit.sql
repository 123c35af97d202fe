SELECT a.sequence, a.kind, a.at, a.session_id, a.turn_id, a.commitment,
       d.customer_id, d.salt, d.detail
FROM audit_events a
LEFT JOIN audit_details d ON d.sequence = a.sequence
WHERE a.session_id = ?1 AND a.turn_id = ?2
ORDER BY a.sequence
