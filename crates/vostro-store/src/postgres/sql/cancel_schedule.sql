SELECT cancel_schedule(
    $1::text, $2::text, ROW($3::bigint, $4::text, $5::text)::command_context, $6::text, $7::bytea
)
