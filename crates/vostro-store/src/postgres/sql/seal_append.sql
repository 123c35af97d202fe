INSERT INTO audit_seals
    (number, kind, first_sequence, last_sequence, content, previous_hash, hash, key_id, signature, proof,
     sealed_at)
SELECT $1::bigint, $2::text, $3::bigint, $4::bigint, $5::bytea, $6::bytea, $7::bytea, $8::text, $9::bytea,
    $10::bytea, $11::bigint
WHERE $1 = 1 + coalesce((SELECT max(s.number) FROM audit_seals s), 0)
    AND ($1 = 1 OR $6 = (SELECT s.hash FROM audit_seals s WHERE s.number = $1 - 1))
ON CONFLICT DO NOTHING
