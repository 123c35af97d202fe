SELECT enrol_factor(
    $1::text, $2::bytea,
    ROW($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::text[],
        $11::text[])::decisions,
    $3::bigint
)
