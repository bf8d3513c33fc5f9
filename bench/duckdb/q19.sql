-- Valuable customers who bought, by five attributes, against everybody: counts, and the index of their shares.
WITH
    buyers AS (SELECT DISTINCT user_id FROM by_event WHERE event_id = 20),
    marked AS
    (
        SELECT gender, (2026 - birth_year) // 10 AS age, prov_id AS prov, risk, income,
               (vip >= 1 AND user_id IN (FROM buyers))::INTEGER AS bought
        FROM users
    ),
    told AS
    (
        UNPIVOT (SELECT bought, age::INTEGER AS age, gender::INTEGER AS gender, income::INTEGER AS income,
                        prov::INTEGER AS prov, risk::INTEGER AS risk FROM marked)
        ON age, gender, income, prov, risk INTO NAME attribute VALUE value
    ),
    counted AS
    (
        SELECT attribute, value, sum(bought) AS of_buyers, count(*) AS of_all FROM told GROUP BY attribute, value
    )
SELECT attribute, value, of_buyers, of_all,
       round(100. * (of_buyers / sum(of_buyers) OVER (PARTITION BY attribute)) /
             (of_all / sum(of_all) OVER (PARTITION BY attribute)), 4)
FROM counted
ORDER BY attribute, value
