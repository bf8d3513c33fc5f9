-- Product seen, paid for, bought, within 7 days of the first step, any attempt. `first` is the newest
-- step 1 so far, `second` the step 1 of the newest step 2 so far.
WITH
    firsts AS
    (
        SELECT user_id, event_ms AS t, event_id AS e,
               max(CASE WHEN event_id = 13 THEN event_ms END) OVER so_far AS first
        FROM by_event
        WHERE event_id IN (13, 18, 20)
        WINDOW so_far AS (PARTITION BY user_id ORDER BY event_ms ROWS UNBOUNDED PRECEDING)
    ),
    seconds AS
    (
        SELECT user_id, t, e, first,
               max(CASE WHEN e = 18 AND t - first <= 604800000 THEN first END) OVER so_far AS second
        FROM firsts
        WINDOW so_far AS (PARTITION BY user_id ORDER BY t ROWS UNBOUNDED PRECEDING)
    ),
    customers AS
    (
        SELECT max(CASE WHEN e = 20 AND t - second <= 604800000 THEN 3
                        WHEN second IS NOT NULL THEN 2
                        WHEN first IS NOT NULL THEN 1 ELSE 0 END) AS reached
        FROM seconds
        GROUP BY user_id
    )
SELECT count(*) FILTER (reached >= 1), count(*) FILTER (reached >= 2), count(*) FILTER (reached >= 3)
FROM customers
