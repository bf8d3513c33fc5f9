-- Both, and the mean of the number.
SELECT count(*), avg(v) FROM tagw WHERE ((t1 AND t2 AND NOT t3) OR (t4 AND t5)) AND v BETWEEN 200000 AND 700000
