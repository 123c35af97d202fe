INSERT INTO travel_notices (customer_pk, place, from_on, until_on) VALUES (?1, ?2, ?3, ?4)
