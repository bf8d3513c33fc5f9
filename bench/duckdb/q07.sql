-- A transfer within an hour; leaving the app between submitting and success breaks the attempt. A
-- customer's events are folded one by one into a state: t is the newest entry, e the entry of the
-- submission in hand (0: none), reached the best step, took the first completion's time.
WITH
    stories AS
    (
        SELECT list_sort(list(event_ms * 256 + event_id)) AS story
        FROM by_event
        WHERE event_id IN (2, 23, 24, 25)
        GROUP BY user_id
        HAVING bool_or(event_id = 23)
    ),
    folded AS
    (
        SELECT list_reduce(
                   list_transform(story, lambda x: {'t': x >> 8, 'e': x & 255, 'reached': 0::BIGINT, 'took': 0::BIGINT}),
                   lambda s, x: CASE
                       WHEN s.reached = 3 THEN s
                       WHEN x.e = 23 THEN {'t': x.t, 'e': s.e, 'reached': greatest(s.reached, 1), 'took': 0::BIGINT}
                       WHEN x.e = 24 AND s.t > 0 AND x.t - s.t <= 3600000
                           THEN {'t': s.t, 'e': s.t, 'reached': greatest(s.reached, 2), 'took': 0::BIGINT}
                       WHEN x.e = 2 THEN {'t': s.t, 'e': 0::BIGINT, 'reached': s.reached, 'took': 0::BIGINT}
                       WHEN x.e = 25 AND s.e > 0 AND x.t - s.e <= 3600000
                           THEN {'t': s.t, 'e': s.e, 'reached': 3::BIGINT, 'took': x.t - s.e}
                       ELSE s END,
                   {'t': 0::BIGINT, 'e': 0::BIGINT, 'reached': 0::BIGINT, 'took': 0::BIGINT}) AS s
        FROM stories
    )
SELECT count(*) FILTER (s.reached >= 1), count(*) FILTER (s.reached >= 2), count(*) FILTER (s.reached >= 3),
       round(quantile_cont(s.took::DOUBLE, 0.5) FILTER (s.reached = 3), 2),
       round(quantile_cont(s.took::DOUBLE, 0.9) FILTER (s.reached = 3), 2)
FROM folded
