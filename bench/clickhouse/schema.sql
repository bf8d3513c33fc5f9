-- One row an event, in the two orders the questions want: by customer and by event. Codecs and types as
-- ClickHouse's own guides advise: deltas for what is sorted, low cardinality for names.
CREATE TABLE by_customer
(
    user_id UInt32 CODEC(Delta(4), LZ4), event_ms UInt64 CODEC(Delta(8), LZ4), event_date Date,
    event_id UInt8, session_id UInt64 CODEC(Delta(8), LZ4), platform LowCardinality(String),
    channel LowCardinality(String), page_id UInt16, product_id UInt16, campaign_id UInt16,
    amount_cents Int64, duration_ms UInt32, result UInt8, employee_id UInt32, branch_id UInt16
)
ENGINE = MergeTree ORDER BY (user_id, event_ms);

CREATE TABLE by_event AS by_customer ENGINE = MergeTree ORDER BY (event_id, user_id, event_ms);

-- What is known of customers, the products, and what customers hold of them.
CREATE TABLE users
(
    user_id UInt32, gender UInt8, birth_year UInt16, city_id UInt16, prov_id UInt8, branch_id UInt16, manager_id UInt32,
    risk UInt8, income UInt8, vip UInt8, aum_cents Int64, score Int64
)
ENGINE = MergeTree ORDER BY user_id;

CREATE TABLE products (product_id UInt16, ptype LowCardinality(String)) ENGINE = MergeTree ORDER BY product_id;

CREATE TABLE holdings (user_id UInt32, product_id UInt16, amount_cents Int64) ENGINE = MergeTree ORDER BY user_id;
