-- A rule of five kinds: attributes, an event twice in a month, another never, what is held, and two events in a row.
WITH
    candidates AS
    (
        SELECT user_id FROM users WHERE vip >= 1 AND city_id <= 20 AND birth_year BETWEEN 1965 AND 2000
    ),
    investors AS
    (
        SELECT user_id FROM candidates JOIN holdings USING (user_id) JOIN products USING (product_id)
        WHERE ptype IN ('fund', 'wealth')
        GROUP BY user_id HAVING sum(amount_cents) >= 1000000
    ),
    senders AS
    (
        SELECT user_id FROM by_event JOIN candidates USING (user_id)
        WHERE event_id = 25 AND event_date >= '2026-03-02' AND amount_cents >= 10000
        GROUP BY user_id HAVING count(*) >= 2
    ),
    seen AS
    (
        SELECT user_id, event_id, event_ms,
               max(CASE WHEN event_id = 13 THEN event_ms END) OVER (PARTITION BY user_id ORDER BY event_ms) AS viewed_ms
        FROM by_event JOIN candidates USING (user_id)
        WHERE event_id IN (13, 16) AND event_date >= '2026-01-31'
    )
SELECT count(*), sum(user_id)
FROM candidates
WHERE user_id IN (FROM investors) AND user_id IN (FROM senders)
  AND user_id NOT IN (SELECT user_id FROM by_event WHERE event_id = 22)
  AND user_id IN (SELECT user_id FROM seen WHERE event_id = 16 AND event_ms - viewed_ms <= 86400000)
