-- A transfer within an hour; leaving the app between submitting and success breaks the attempt. `entered`
-- is the newest entry so far, `submitted` the entry of the newest submission since the last leaving.
WITH
    with_entry AS
    (
        SELECT user_id, event_ms, event_id, maxIf(event_ms, event_id = 23) OVER so_far AS entered,
               countIf(event_id = 2) OVER so_far AS leavings
        FROM by_event
        WHERE event_id IN (2, 23, 24, 25)
        WINDOW so_far AS (PARTITION BY user_id ORDER BY event_ms ROWS UNBOUNDED PRECEDING)
    ),
    with_submission AS
    (
        SELECT user_id, event_ms, event_id,
               maxIf(entered, event_id = 24 AND event_ms - entered <= 3600000) OVER since_leaving AS submitted
        FROM with_entry
        WHERE entered > 0
        WINDOW since_leaving AS (PARTITION BY user_id, leavings ORDER BY event_ms ROWS UNBOUNDED PRECEDING)
    ),
    customers AS
    (
        SELECT max(multiIf(submitted = 0, 1, event_id = 25 AND event_ms - submitted <= 3600000, 3, 2)) AS reached,
               argMinIf(event_ms - submitted, event_ms,
                        event_id = 25 AND submitted > 0 AND event_ms - submitted <= 3600000) AS took
        FROM with_submission
        GROUP BY user_id
    )
SELECT count(), countIf(reached >= 2), countIf(reached >= 3),
       round(quantileExactInclusiveIf(0.5)(took, reached >= 3), 2),
       round(quantileExactInclusiveIf(0.9)(took, reached >= 3), 2)
FROM customers
