// ClickHouse, as chDB: the whole engine in this process, data in `folder`.
import { createRequire } from 'node:module';
import path from 'node:path';
import { readSql } from '../answers.mjs';

const native = createRequire(import.meta.url)('@chdb/lib-linux-x64-gnu');

export function open(folder, threads) {
  const connection = native.CreateConnection(folder);
  const run = (sql, format = 'JSONCompactEachRow') => native.QueryWithConnection(connection, sql, format) || '';
  const rows = (sql) => run(sql).trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  run(`SET max_threads = ${threads}`, 'Null');
  return {
    version: () => rows('SELECT version()')[0][0],
    load(csvFolder) {
      const files = path.join(csvFolder, 'events_*.csv');
      for (const sql of [...readSql('clickhouse/schema.sql'), ...readSql('clickhouse/load.sql')]) {
        run(sql.replace('{files}', files).replace('{folder}', csvFolder), 'Null');
      }
    },
    // Question 18 is of customers of its own, who are made when it is asked the first time.
    prepare(question, customers) {
      if (!question.startsWith('q18') || rows('EXISTS TABLE tagb')[0][0]) return;
      for (const sql of readSql('clickhouse/tags.sql')) run(sql.replace('{customers}', customers), 'Null');
    },
    ask: (question) => rows(readSql(`clickhouse/${question}.sql`)[0]),
    close: () => native.CloseConnection(connection),
  };
}
