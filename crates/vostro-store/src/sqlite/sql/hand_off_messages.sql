SELECT m.number, m.sender, m.text, m.at
FROM hand_off_messages m
WHERE m.hand_off_pk = (SELECT h.pk FROM hand_offs h WHERE h.id = ?1) AND m.number > ?2
ORDER BY m.number
LIMIT ?3
