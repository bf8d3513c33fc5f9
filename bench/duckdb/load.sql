-- {files} is a glob of what bcb_generate wrote. An empty field is zero.
INSERT INTO by_customer
SELECT user_id, event_ms, event_date, event_id, coalesce(session_id, 0), platform, channel,
       coalesce(page_id, 0), coalesce(product_id, 0), coalesce(campaign_id, 0), coalesce(amount_cents, 0),
       coalesce(duration_ms, 0), result, coalesce(employee_id, 0), branch_id
FROM read_csv('{files}', header = true, columns = {
    'user_id': 'UINTEGER', 'event_ms': 'BIGINT', 'event_date': 'DATE', 'event_id': 'UTINYINT',
    'event': 'VARCHAR', 'session_id': 'UBIGINT', 'platform': 'VARCHAR', 'channel': 'VARCHAR',
    'page_id': 'USMALLINT', 'product_id': 'USMALLINT', 'campaign_id': 'USMALLINT',
    'amount_cents': 'BIGINT', 'duration_ms': 'UINTEGER', 'result': 'UTINYINT',
    'employee_id': 'UINTEGER', 'branch_id': 'USMALLINT'})
ORDER BY user_id, event_ms;
INSERT INTO by_event FROM by_customer ORDER BY event_id, user_id, event_ms;
INSERT INTO users FROM read_csv('{folder}/users/users_*.csv', header = true) ORDER BY user_id;
INSERT INTO products FROM read_csv('{folder}/products/products.csv', header = true);
INSERT INTO holdings FROM read_csv('{folder}/holdings/holdings_*.csv', header = true) ORDER BY user_id;
CHECKPOINT;
