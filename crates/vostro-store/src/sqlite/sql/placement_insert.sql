INSERT INTO placements
    (transfer_pk, confirmation_pk, hold_pk, biller_pk, category, merchant, source_reads, destination_reads)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
