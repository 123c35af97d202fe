SELECT passage_key, cosines FROM nearest_knowledge($1, $2, $3, $4, $5, $6, $7, $8)
