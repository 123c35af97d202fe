SELECT expire_proposals($1::bigint, ROW($2::bigint, NULL, NULL)::command_context, $3::bytea[])
