DELETE FROM knowledge_documents WHERE id = ?1
