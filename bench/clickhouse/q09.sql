-- Of those who logged in on a day, who used money on each of the thirty days from it. A customer's days
-- are one bit each.
WITH
    days AS
    (
        SELECT groupBitOr(event_id = 5 ? bitShiftLeft(1::UInt64, dateDiff('day', '2026-01-01'::Date, event_date)) : 0) AS starts,
               groupBitOr(event_id = 5 ? 0 : bitShiftLeft(1::UInt64, dateDiff('day', '2026-01-01'::Date, event_date))) AS returns
        FROM by_event
        WHERE event_id IN (5, 20, 25, 26, 27) AND event_date < '2026-03-01'
        GROUP BY user_id
    ),
    cohorts AS
    (
        SELECT arrayJoin(bitPositionsToArray(bitAnd(starts, 0x3FFFFFFF))) AS day,
               sumForEach(arrayMap(k -> bitTest(returns, day + k), range(30))) AS returned
        FROM days
        WHERE bitAnd(starts, 0x3FFFFFFF) != 0
        GROUP BY day
    )
SELECT day, k - 1, customers
FROM cohorts
ARRAY JOIN returned AS customers, arrayEnumerate(returned) AS k
ORDER BY day, k
