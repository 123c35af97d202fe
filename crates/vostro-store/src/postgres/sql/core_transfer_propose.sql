SELECT propose_core_transfer(
    $1::text, $2::text, $3::text, $4::bytea, $5::bigint,
    ROW($7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::text[],
        $14::text[])::decisions,
    $6::bigint
)
