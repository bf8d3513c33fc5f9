-- Transfers of the last thirty days: how many, by how many, per customer, how much.
SELECT event_date, count() AS transfers, uniqExact(user_id) AS customers,
       round(transfers / customers, 6) AS each, sum(amount_cents) AS amount
FROM by_event
WHERE event_id = 25 AND event_date BETWEEN '2026-03-02' AND '2026-03-31'
GROUP BY event_date
ORDER BY event_date
