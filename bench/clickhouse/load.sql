-- {files} is a glob of what bcb_generate wrote. An empty field is the type's zero.
INSERT INTO by_customer
SELECT user_id, event_ms, event_date, event_id, session_id, platform, channel, page_id, product_id,
       campaign_id, amount_cents, duration_ms, result, employee_id, branch_id
FROM file('{files}', CSVWithNames,
    'user_id UInt32, event_ms UInt64, event_date Date, event_id UInt8, event String, session_id UInt64,
     platform String, channel String, page_id UInt16, product_id UInt16, campaign_id UInt16,
     amount_cents Int64, duration_ms UInt32, result UInt8, employee_id UInt32, branch_id UInt16');
OPTIMIZE TABLE by_customer FINAL;
INSERT INTO by_event SELECT * FROM by_customer;
OPTIMIZE TABLE by_event FINAL;
INSERT INTO users SELECT * FROM file('{folder}/users/users_*.csv', CSVWithNames);
INSERT INTO products SELECT * FROM file('{folder}/products/products.csv', CSVWithNames);
INSERT INTO holdings SELECT * FROM file('{folder}/holdings/holdings_*.csv', CSVWithNames);
OPTIMIZE TABLE holdings FINAL;
