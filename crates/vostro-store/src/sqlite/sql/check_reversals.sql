SELECT r.id
FROM transfers r
JOIN transfers o ON o.pk = r.reverses_pk
WHERE o.status <> 'posted'
    OR r.amount_minor <> coalesce(o.posted_minor, o.amount_minor)
    OR r.currency <> o.currency
    OR r.source_pk <> o.destination_pk
    OR r.destination_pk <> o.source_pk
ORDER BY r.pk
