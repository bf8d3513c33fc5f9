-- The sums of BCB section 3.5, to see that what was loaded is what was generated.
SELECT count(*), count(DISTINCT user_id), sum(event_ms % 1000000007) % 1000000007, sum(event_id),
       sum(amount_cents), sum(product_id), sum(session_id % 1000000007) % 1000000007, sum(duration_ms)
FROM by_event
