-- One row an event, in the two orders the questions want; DuckDB skips by the leading column's ranges.
CREATE TABLE by_customer
(
    user_id UINTEGER, event_ms BIGINT, event_date DATE, event_id UTINYINT, session_id UBIGINT,
    platform VARCHAR, channel VARCHAR, page_id USMALLINT, product_id USMALLINT, campaign_id USMALLINT,
    amount_cents BIGINT, duration_ms UINTEGER, result UTINYINT, employee_id UINTEGER, branch_id USMALLINT
);
CREATE TABLE by_event AS FROM by_customer;
