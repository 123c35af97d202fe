SELECT *
FROM carry_out_change(
    $1::text, $2::text, $3::bytea, $4::text, $5::text[], $6::text[], $7::text::date,
    ROW($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::text[],
        $16::text[])::decisions,
    $8::bigint
)
