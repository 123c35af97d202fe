SELECT *
FROM capture_hold($7::text, $8::bigint, $9::text, $10::boolean, $11::text,
    ROW($1::bigint, $2::text, $3::text)::command_context, $4::text, $5::text, $6::bytea)
