SELECT demand_factor(
    $1::text, $2::text, $3::bytea, $4::text, $5::text, $6::bytea, $7::bigint,
    ROW($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::text[],
        $16::text[])::decisions,
    $8::bigint
)
