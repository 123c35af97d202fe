INSERT INTO hand_off_messages (hand_off_pk, number, sender, text, at)
SELECT h.pk, ?2, ?3, ?4, ?5 FROM hand_offs h WHERE h.id = ?1
