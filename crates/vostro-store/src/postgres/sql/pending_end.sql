SELECT *
FROM end_pending($7::text, $8::text, $9::boolean,
    ROW($1::bigint, $2::text, $3::text)::command_context, $4::text, $5::text, $6::bytea)
