INSERT INTO bill_reopenings (bill_pk, transfer_pk, amount_minor) VALUES (?1, ?2, ?3)
