-- Four steps on the same product within a day, by the channel of the first look at it.
WITH
    firsts AS
    (
        SELECT user_id, product_id, event_ms AS t, event_id AS e, channel,
               max(CASE WHEN event_id = 13 THEN event_ms END) OVER so_far AS first
        FROM by_event
        WHERE product_id > 0
          AND (event_id IN (13, 18) OR (event_id = 16 AND amount_cents >= 100000) OR (event_id = 20 AND result = 1))
        WINDOW so_far AS (PARTITION BY user_id, product_id ORDER BY event_ms ROWS UNBOUNDED PRECEDING)
    ),
    seconds AS
    (
        SELECT *, max(CASE WHEN e = 16 AND t - first <= 86400000 THEN first END) OVER so_far AS second
        FROM firsts
        WINDOW so_far AS (PARTITION BY user_id, product_id ORDER BY t ROWS UNBOUNDED PRECEDING)
    ),
    thirds AS
    (
        SELECT *, max(CASE WHEN e = 18 AND t - second <= 86400000 THEN second END) OVER so_far AS third
        FROM seconds
        WINDOW so_far AS (PARTITION BY user_id, product_id ORDER BY t ROWS UNBOUNDED PRECEDING)
    ),
    units AS
    (
        SELECT max(CASE WHEN e = 20 AND t - third <= 86400000 THEN 4
                        WHEN third IS NOT NULL THEN 3
                        WHEN second IS NOT NULL THEN 2
                        WHEN first IS NOT NULL THEN 1 ELSE 0 END) AS reached,
               arg_min(channel, t) FILTER (e = 13) AS first_channel
        FROM thirds
        GROUP BY user_id, product_id
    )
SELECT first_channel, count(*), count(*) FILTER (reached >= 2), count(*) FILTER (reached >= 3),
       count(*) FILTER (reached >= 4)
FROM units
WHERE reached >= 1
GROUP BY first_channel
ORDER BY first_channel
