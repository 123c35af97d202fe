SELECT unlink_channel(
    $1::text, $2::text, $3::text,
    ROW($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bytea[], $11::text[],
        $12::text[])::decisions,
    $4::bigint
)
