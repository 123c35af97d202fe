-- …241 is the migrations' turn, …242 is the one that every writing command begins with.
SELECT pg_advisory_lock(7308895158390480243)
