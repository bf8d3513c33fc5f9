-- Product seen, paid for, bought, within 7 days of the first step, any attempt.
SELECT countIf(reached >= 1), countIf(reached >= 2), countIf(reached >= 3)
FROM
(
    SELECT windowFunnel(604800000)(event_ms, event_id = 13, event_id = 18, event_id = 20) AS reached
    FROM by_event
    WHERE event_id IN (13, 18, 20)
    GROUP BY user_id
)
