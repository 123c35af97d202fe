INSERT INTO contact_details (customer_pk, contact, value, changed_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (customer_pk, contact) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
