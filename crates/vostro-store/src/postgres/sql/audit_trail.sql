SELECT a.sequence, a.kind, a.at, a.session_id, a.turn_id, a.commitment,
       d.customer_id, d.salt, d.detail::text AS detail
FROM audit_events a
LEFT JOIN audit_details d ON d.sequence = a.sequence
WHERE a.sequence > $1::bigint AND a.sequence <= $3::bigint
ORDER BY a.sequence
LIMIT $2::bigint
