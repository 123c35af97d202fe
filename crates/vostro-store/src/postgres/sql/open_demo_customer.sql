SELECT open_demo_bank_customer(
    $1::text::json, ROW($2::bigint, NULL, NULL)::command_context, $3::text, $4::bytea
)
