INSERT INTO audit_seals
    (number, kind, first_sequence, last_sequence, content, previous_hash, hash, key_id, signature, proof,
     sealed_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
WHERE ?1 = 1 + coalesce((SELECT max(number) FROM audit_seals), 0)
    AND (?1 = 1 OR ?6 = (SELECT hash FROM audit_seals WHERE number = ?1 - 1))
