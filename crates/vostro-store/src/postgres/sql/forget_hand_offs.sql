WITH old AS (
    SELECT h.pk FROM hand_offs h WHERE h.status = 'closed' AND h.closed_at < $1::bigint LIMIT $2::bigint
), texts AS (
    DELETE FROM hand_off_messages m USING old WHERE m.hand_off_pk = old.pk
)
SELECT count(*) FROM old
