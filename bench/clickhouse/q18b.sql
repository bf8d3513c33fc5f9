-- A range of a number.
SELECT count(*) FROM tagw WHERE v BETWEEN 200000 AND 700000
