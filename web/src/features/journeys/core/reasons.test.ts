// @vitest-environment jsdom
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { reasonTexts } from '../reasonTexts';

test('what the console calls a reason is what the server calls it', () => {
  const source = fs.readFileSync(path.join(import.meta.dirname, '../../../../../src/journeys/reasons.cc'), 'utf8');
  const said = [...source.matchAll(/{"(\w+)",\s*"([^"]+)",\s*"([^"]+)"}/g)];
  expect(said.length).toBeGreaterThan(50);
  for (const [, name, zh, en] of said) expect([reasonTexts.zh[name as 'active'], reasonTexts.en[name as 'active']], name).toEqual([zh, en]);
});
