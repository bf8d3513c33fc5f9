-- Four steps on the same product within a day, by the channel of the first look at it.
SELECT first_channel, count(), countIf(reached >= 2), countIf(reached >= 3), countIf(reached >= 4)
FROM
(
    SELECT windowFunnel(86400000)(event_ms, event_id = 13, event_id = 16 AND amount_cents >= 100000,
                                  event_id = 18, event_id = 20 AND result = 1) AS reached,
           argMinIf(channel, event_ms, event_id = 13) AS first_channel
    FROM by_event
    WHERE event_id IN (13, 16, 18, 20) AND product_id > 0
    GROUP BY user_id, product_id
)
WHERE reached >= 1
GROUP BY first_channel
ORDER BY first_channel
