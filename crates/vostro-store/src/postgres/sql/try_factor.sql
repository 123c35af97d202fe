SELECT try_factor(
    $1::text, $2::text, $3::bigint, $4::integer, $5::bigint,
    ROW($6::bigint, $7::text, $8::text)::command_context,
    $9::bytea, $10::text
)
