SELECT link_channel(
    $1::text, $2::text, $3::text, $4::text,
    ROW($6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bytea[], $12::text[],
        $13::text[])::decisions,
    $5::bigint
)
