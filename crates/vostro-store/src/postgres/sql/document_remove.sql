SELECT remove_knowledge_document($1) AS revision
