SELECT *
FROM place_hold($7::text, $8::text, $9::bigint, $10::text, $11::bigint, $12::text,
    ROW($1::bigint, $2::text, $3::text)::command_context, $4::text, $5::text, $6::bytea)
