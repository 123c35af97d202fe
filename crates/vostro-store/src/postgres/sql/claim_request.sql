SELECT *
FROM claim_request($1::text, $2::text, $3::bytea, $4::bytea, $5::text, $6::bigint, $7::bigint)
