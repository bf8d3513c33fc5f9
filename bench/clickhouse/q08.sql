-- Sessions where paying, the code and the purchase follow each other with nothing in between.
SELECT count(), uniqExact(customer)
FROM
(
    SELECT any(user_id) AS customer,
           arrayMap(x -> toUInt8(x % 256), arraySort(groupArray(event_ms * 256 + event_id))) AS story
    FROM by_customer
    PREWHERE session_id IN (SELECT session_id FROM by_event WHERE event_id = 18)
    GROUP BY session_id
)
WHERE hasSubstr(story, [toUInt8(18), toUInt8(19), toUInt8(20)])
