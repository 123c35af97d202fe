SELECT *
FROM carry_out_change(
    $1::text, $2::text, $3::bytea, $4::text, $5::text[], $6::text[], $7::text::date, $9::text::date, $10::bigint,
    ROW($11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bytea[], $17::text[],
        $18::text[])::decisions,
    $8::bigint
)
