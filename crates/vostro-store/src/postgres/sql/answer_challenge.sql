SELECT answer_challenge($1::text, $2::boolean, $3::integer, $4::bigint, $5::bytea, $6::bigint)
