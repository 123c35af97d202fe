SELECT prepare_knowledge_vectors($1) AS outcome
