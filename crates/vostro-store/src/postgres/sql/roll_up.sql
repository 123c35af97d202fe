SELECT roll_up($1::bigint)
