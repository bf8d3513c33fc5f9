-- Of those who logged in on a day, who used money on each of the thirty days from it.
WITH
    days AS
    (
        SELECT DISTINCT user_id, event_id = 5 AS is_login, (event_date - DATE '2026-01-01')::INTEGER AS day
        FROM by_event
        WHERE event_id IN (5, 20, 25, 26, 27) AND event_date < DATE '2026-03-01'
    ),
    counts AS
    (
        SELECT s.day, r.day - s.day AS k, count(*) AS customers
        FROM days s JOIN days r ON r.user_id = s.user_id AND r.day BETWEEN s.day AND s.day + 29
        WHERE s.is_login AND s.day < 30 AND NOT r.is_login
        GROUP BY ALL
    )
SELECT d.range AS day, n.range AS k, coalesce(customers, 0)
FROM range(30) d CROSS JOIN range(30) n LEFT JOIN counts c ON c.day = d.range AND c.k = n.range
ORDER BY ALL
