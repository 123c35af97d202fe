SELECT version FROM knowledge_state WHERE one = 1
