SELECT (SELECT count(*) FROM transfers), (SELECT count(*) FROM entries), (SELECT count(*) FROM accounts),
       (SELECT count(*) FROM bills), (SELECT count(*) FROM confirmations)
