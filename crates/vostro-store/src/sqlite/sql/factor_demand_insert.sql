INSERT INTO factor_demands
    (confirmation_id, customer_pk, subject_hash, method, challenge_id, challenge_hash, asked_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
