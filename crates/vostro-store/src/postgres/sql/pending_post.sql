SELECT dated.*
FROM post_pending($7::text, $8::text, $9::bigint, $10::text, $11::boolean,
    ROW($1::bigint, $2::text, $3::text)::command_context, $4::text, $5::text, $6::bytea) AS done
CROSS JOIN LATERAL dated(done, $7::text, $12::text) AS dated
