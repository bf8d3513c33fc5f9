-- Transfers of the last thirty days: how many, by how many, per customer, how much.
SELECT event_date, count(*) AS transfers, count(DISTINCT user_id) AS customers,
       round(transfers / customers, 6), sum(amount_cents)::BIGINT
FROM by_event
WHERE event_id = 25 AND event_date BETWEEN DATE '2026-03-02' AND DATE '2026-03-31'
GROUP BY event_date
ORDER BY event_date
