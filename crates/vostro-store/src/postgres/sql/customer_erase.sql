SELECT erase_customer(
    $1::text,
    ROW($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[],
        $10::text[])::decisions,
    $2::bigint
)
