SELECT expire_schedule($1::text, ROW($2::bigint, NULL, NULL)::command_context, $3::text, $4::bytea)
