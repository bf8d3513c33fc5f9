-- Valuable customers who bought, by five attributes, against everybody: counts, and the index of their shares.
WITH
    counted AS
    (
        SELECT gender, intDiv(2026 - birth_year, 10) AS age, prov_id, risk, income, count() AS everybody,
               countIf(vip >= 1 AND user_id IN (SELECT user_id FROM by_event WHERE event_id = 20)) AS buyers
        FROM users
        GROUP BY gender, age, prov_id, risk, income
    ),
    told AS
    (
        SELECT one.1 AS attribute, one.2 AS value, sum(buyers) AS of_buyers, sum(everybody) AS of_all
        FROM counted
        ARRAY JOIN [('age', toUInt32(age)), ('gender', toUInt32(gender)), ('income', toUInt32(income)),
                    ('prov', toUInt32(prov_id)), ('risk', toUInt32(risk))] AS one
        GROUP BY attribute, value
    )
SELECT attribute, value, of_buyers, of_all,
       round(100. * (of_buyers / sum(of_buyers) OVER (PARTITION BY attribute)) /
             (of_all / sum(of_all) OVER (PARTITION BY attribute)), 4)
FROM told
ORDER BY attribute, value
