-- Sessions where paying, the code and the purchase follow each other with nothing in between.
WITH
    paying AS (SELECT DISTINCT session_id FROM by_event WHERE event_id = 18 AND session_id > 0),
    following AS
    (
        SELECT user_id, session_id, event_id, lead(event_id, 1) OVER session AS next, lead(event_id, 2) OVER session AS after_next
        FROM by_customer SEMI JOIN paying USING (session_id)
        WINDOW session AS (PARTITION BY user_id, session_id ORDER BY event_ms)
    )
SELECT count(DISTINCT session_id), count(DISTINCT user_id)
FROM following
WHERE event_id = 18 AND next = 19 AND after_next = 20
