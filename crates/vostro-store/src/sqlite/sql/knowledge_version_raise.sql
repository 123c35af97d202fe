UPDATE knowledge_state SET version = version + 1 WHERE one = 1 RETURNING version
