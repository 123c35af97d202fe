INSERT INTO schedule_runs (schedule_pk, due_on, status, tries, reason, transfer_pk, first_at, resolved_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE WHEN ?3 = 'waiting' THEN NULL ELSE ?7 END)
ON CONFLICT (schedule_pk, due_on) DO UPDATE
SET status = excluded.status, tries = tries + excluded.tries, reason = excluded.reason,
    transfer_pk = excluded.transfer_pk, resolved_at = excluded.resolved_at
