INSERT INTO turns
    (id, session_id, customer_id, version, at, message_masked, reply_masked, guardrails_passed,
     intent, commands, events, evidence, state_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
