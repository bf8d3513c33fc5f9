-- One row an event, in the two orders the questions want; DuckDB skips by the leading column's ranges.
CREATE TABLE by_customer
(
    user_id UINTEGER, event_ms BIGINT, event_date DATE, event_id UTINYINT, session_id UBIGINT,
    platform VARCHAR, channel VARCHAR, page_id USMALLINT, product_id USMALLINT, campaign_id USMALLINT,
    amount_cents BIGINT, duration_ms UINTEGER, result UTINYINT, employee_id UINTEGER, branch_id USMALLINT
);
CREATE TABLE by_event AS FROM by_customer;

-- What is known of customers, the products, and what customers hold of them.
CREATE TABLE users
(
    user_id UINTEGER, gender UTINYINT, birth_year USMALLINT, city_id USMALLINT, prov_id UTINYINT, branch_id USMALLINT,
    manager_id UINTEGER, risk UTINYINT, income UTINYINT, vip UTINYINT, aum_cents BIGINT, score BIGINT
);
CREATE TABLE products (product_id USMALLINT, ptype VARCHAR);
CREATE TABLE holdings (user_id UINTEGER, product_id USMALLINT, amount_cents BIGINT);
