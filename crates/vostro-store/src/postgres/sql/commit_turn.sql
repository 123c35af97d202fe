SELECT commit_turn(
    ROW($1::text, $2::text, $3::bigint, $4::text::json, $5::bigint, $6::bigint)::sessions,
    $7::text::json,
    ROW($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::text[],
        $16::text[])::decisions,
    $8::bigint
)
