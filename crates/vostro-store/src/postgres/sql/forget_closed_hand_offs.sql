DELETE FROM hand_offs h
WHERE h.status = 'closed' AND h.closed_at < $1::bigint
    AND NOT EXISTS (SELECT 1 FROM hand_off_messages m WHERE m.hand_off_pk = h.pk)
