-- A rule of five kinds: attributes, an event twice in a month, another never, what is held, and two events in a row.
WITH candidates AS
(
    SELECT user_id FROM users WHERE vip >= 1 AND city_id <= 20 AND birth_year BETWEEN 1965 AND 2000
)
SELECT count(), sum(user_id)
FROM candidates
WHERE user_id IN
    (
        SELECT user_id FROM holdings
        WHERE user_id IN candidates AND product_id IN (SELECT product_id FROM products WHERE ptype IN ('fund', 'wealth'))
        GROUP BY user_id HAVING sum(amount_cents) >= 1000000
    )
    AND user_id IN
    (
        SELECT user_id FROM by_event
        WHERE event_id = 25 AND event_date >= '2026-03-02' AND amount_cents >= 10000 AND user_id IN candidates
        GROUP BY user_id HAVING count() >= 2
    )
    AND user_id NOT IN (SELECT user_id FROM by_event WHERE event_id = 22 AND user_id IN candidates)
    AND user_id IN
    (
        SELECT user_id FROM by_event
        WHERE event_id IN (13, 16) AND event_date >= '2026-01-31' AND user_id IN candidates
        GROUP BY user_id HAVING windowFunnel(86400000)(event_ms, event_id = 13, event_id = 16) = 2
    )
