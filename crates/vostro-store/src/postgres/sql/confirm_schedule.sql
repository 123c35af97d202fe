SELECT *
FROM confirm_schedule(
    ROW($1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint, $7::text)::money_intent,
    ROW($8::bigint, $9::text, $10::bigint, $11::text, $12::bigint, $13::bigint, $17::boolean)::money_rules,
    ROW($14::bigint, $15::text, $16::text)::command_context,
    $18::text, $19::bytea, $20::text::date, $21::bigint, $22::text, $23::text, $24::bytea, $25::text, $26::text
)
