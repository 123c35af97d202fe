SELECT a.sequence, a.kind, a.at, a.session_id, a.turn_id, a.commitment,
       d.customer_id, d.salt, d.detail::text AS detail
FROM audit_events a
LEFT JOIN audit_details d ON d.sequence = a.sequence
WHERE a.session_id = $1::text AND a.turn_id = $2::text
ORDER BY a.sequence
