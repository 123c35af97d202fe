SELECT decide_policy($7::text, $8::boolean, $9::text,
    ROW($1::bigint, $2::text, $3::text)::command_context, $4::text, $5::text, $6::bytea) AS outcome
