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
