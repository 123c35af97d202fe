SELECT d.confirmation_id, c.pk, c.id, d.challenge_hash
FROM factor_demands d
JOIN customers c ON c.pk = d.customer_pk
WHERE d.challenge_id = ?1 AND d.status = 'open' AND d.expires_at > ?2
