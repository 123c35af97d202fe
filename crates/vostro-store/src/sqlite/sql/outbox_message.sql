SELECT topic, payload FROM outbox WHERE sequence = ?1
