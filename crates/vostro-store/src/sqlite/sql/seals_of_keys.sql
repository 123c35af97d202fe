SELECT number, kind, first_sequence, last_sequence, content, previous_hash, hash, key_id, signature, proof,
       sealed_at
FROM audit_seals
WHERE kind = 'key'
ORDER BY number
