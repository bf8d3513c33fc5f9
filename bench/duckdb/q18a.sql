-- A rule of five flags.
SELECT count(*) FROM tagw WHERE ((t1 AND t2 AND NOT t3) OR (t4 AND t5))
