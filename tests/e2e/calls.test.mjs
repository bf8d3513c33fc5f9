// Every call of the API has an example, which works and is answered as it is documented. With WAYPOST_RECORD=1 the
// answers, and docs/calls.md, are written anew; run it twice then, for the server to have them packed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { kCallsFile, makeCalls, readCalls } from './calls.mjs';
import { pageOf } from './calls_page.mjs';
import { kRoot } from './harness.mjs';
import { faultsOf } from './schema.mjs';

const kPage = path.join(kRoot, 'docs/calls.md');
const kLongest = 3_000; // characters of an answer that is shown

// Of lists the first items, of long texts the beginning; of what is still too long the first members alone.
function shorten(value, items = 2, members = Infinity) {
  const shorter = (inner) => {
    if (typeof inner === 'string') return inner.length > 300 ? `${inner.slice(0, 300)}…` : inner;
    if (!(inner instanceof Object)) return inner;
    if (Array.isArray(inner)) return inner.slice(0, items).map(shorter);
    return Object.fromEntries(Object.entries(inner).slice(0, members).map(([name, item]) => [name, shorter(item)]));
  };
  const shown = shorter(value);
  if (JSON.stringify(shown).length <= kLongest || members === 1) return shown;
  return items > 1 ? shorten(value, 1) : shorten(value, 1, members === Infinity ? 4 : 1);
}

// Answers that are none of JSON, or say what only a person reads, show nothing.
const kUnshown = ['showOpenApi', 'journeySchema', 'showMetrics', 'goToConsole', 'showConsole', 'showConsolePage', 'sensorsGet', 'sensorsPixelGet'];

test('every call of the API has an example, which works and is answered as it is documented', async (t) => {
  const calls = readCalls();
  const answers = new Map();
  await makeCalls(t, calls, (call, answer, shown) => {
    answers.set(call, answer);
    if (process.env.WAYPOST_RECORD && !kUnshown.includes(call.operation)) call.answer = JSON.parse(shown(JSON.stringify(shorten(answer))));
  });
  if (process.env.WAYPOST_RECORD) fs.writeFileSync(kCallsFile, calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
  const document = [...answers].find(([{ operation }]) => operation === 'showOpenApi')[1];
  if (process.env.WAYPOST_RECORD) fs.writeFileSync(kPage, pageOf(document));

  const operations = Object.fromEntries(Object.values(document.paths).flatMap(Object.values).map((operation) => [operation.operationId, operation]));
  assert.deepEqual(Object.keys(operations).filter((name) => !calls.some(({ operation }) => operation === name)), [], 'calls without an example');
  const faults = calls.flatMap((call) => {
    const operation = operations[call.operation];
    if (!operation) return `${call.operation} is no operation`;
    const faultsIn = (what, content, value) => {
      if (value === undefined) return [];
      const schema = Object.values(content ?? {})[0]?.schema ?? { const: undefined };
      return faultsOf(schema, value, document.components.schemas).map((fault) => `${what} of ${call.call}: ${fault}`);
    };
    const said = operation.responses['200'].content;
    return [...faultsIn('body', operation.requestBody?.content, call.body ?? call.form),
      ...faultsIn('example of the answer', said, call.answer), ...(said ? faultsIn('answer', said, answers.get(call)) : [])];
  });
  assert.deepEqual([...new Set(faults.map((fault) => fault.replace(/\/\d+/g, '/*')))], []);
  const lines = fs.readFileSync(kPage, 'utf8').split('\n'), now = pageOf(document).split('\n');
  const other = now.findIndex((line, i) => line !== lines[i]);
  assert.ok(other < 0 && now.length === lines.length, `docs/calls.md is not of this server from line ${other + 1} on: ${now[other]}`); // all that differs takes minutes to show
});
