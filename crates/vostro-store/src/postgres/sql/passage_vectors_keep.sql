UPDATE knowledge_passages p SET model = $1, vector = v.vector
FROM unnest($2::text[], $3::bytea[]) AS v (passage_key, vector)
WHERE p.passage_key = v.passage_key AND p.model IS DISTINCT FROM $1
