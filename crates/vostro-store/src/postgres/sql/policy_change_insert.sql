SELECT request_policy($7::text, $8::text, $9::text, $10::text, $11::text, $12::bigint,
    ROW($1::bigint, $2::text, $3::text)::command_context, $4::text, $5::text, $6::bytea)
