SELECT d.contact, d.value
FROM contact_details d
JOIN customers c ON c.pk = d.customer_pk
WHERE c.id = ?1
