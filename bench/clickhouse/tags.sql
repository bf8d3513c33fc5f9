-- Question 18: five flags and a number of each of {customers} customers, and each flag as a bitmap.
CREATE TABLE tagw (user_id UInt32, t1 UInt8, t2 UInt8, t3 UInt8, t4 UInt8, t5 UInt8, v UInt32)
ENGINE = MergeTree ORDER BY user_id;
INSERT INTO tagw SELECT id,
  ((id * 48271 % 2147483647 + 1013) * 69621 % 2147483647) < 1073741823 AS t1,
  ((id * 48271 % 2147483647 + 2027) * 69621 % 2147483647) < 536870911 AS t2,
  ((id * 48271 % 2147483647 + 3041) * 69621 % 2147483647) < 268435455 AS t3,
  ((id * 48271 % 2147483647 + 4057) * 69621 % 2147483647) < 107374182 AS t4,
  ((id * 48271 % 2147483647 + 5059) * 69621 % 2147483647) < 21474836 AS t5,
  ((id * 48271 % 2147483647 + 6067) * 69621 % 2147483647) % 1048576
FROM (SELECT toUInt64(number) + 1 AS id FROM numbers({customers}));
CREATE TABLE tagb (tag UInt8, who AggregateFunction(groupBitmap, UInt32)) ENGINE = AggregatingMergeTree ORDER BY tag;
INSERT INTO tagb SELECT tag, groupBitmapState(user_id)
FROM tagw ARRAY JOIN [1, 2, 3, 4, 5] AS tag, [t1, t2, t3, t4, t5] AS has WHERE has = 1 GROUP BY tag;
OPTIMIZE TABLE tagb FINAL;
