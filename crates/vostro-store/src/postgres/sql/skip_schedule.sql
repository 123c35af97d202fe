SELECT skip_schedule(
    $1::text, $2::text, ROW($3::bigint, $4::text, $5::text)::command_context,
    $6::text::date, $7::text::date, $8::bigint, $9::text, $10::bytea
)
