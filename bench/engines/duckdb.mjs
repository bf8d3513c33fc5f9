// DuckDB in this process, data in a file in `folder`.
import fs from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readSql } from '../answers.mjs';

export async function open(folder, threads) {
  fs.mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(path.join(folder, 'bank.duckdb'), {
    threads: String(threads),
    memory_limit: '16GB',
  });
  const connection = await instance.connect();
  const rows = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson();
  return {
    version: async () => (await rows('SELECT version()'))[0][0],
    async load(csvFolder) {
      const files = path.join(csvFolder, 'events_*.csv');
      for (const sql of [...readSql('duckdb/schema.sql'), ...readSql('duckdb/load.sql')]) {
        await connection.run(sql.replace('{files}', files).replace('{folder}', csvFolder));
      }
    },
    // Question 18 is of customers of its own, who are made when it is asked the first time.
    async prepare(question, customers) {
      if (!question.startsWith('q18')) return;
      const [[made]] = await rows(`SELECT count(*) FROM duckdb_tables() WHERE table_name = 'tagw'`);
      if (Number(made)) return;
      for (const sql of readSql('duckdb/tags.sql')) await connection.run(sql.replace('{customers}', customers));
    },
    ask: (question) => rows(readSql(`duckdb/${question}.sql`)[0]),
    close: () => connection.closeSync(),
  };
}
