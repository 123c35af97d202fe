INSERT INTO turns
    (id, session_id, customer_id, version, at, message_masked, reply_masked, guardrails_passed,
     intent, commands, events, evidence, state_hash, disposition, verdict, by_model, took_us,
     model_tokens, model_micro_dollars)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
