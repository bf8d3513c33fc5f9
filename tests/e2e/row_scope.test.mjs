// Two branches of one bank: whoever belongs to one never sees a customer of the other, nor a count that
// speaks of them, by any route of the server.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, kWriteKey, startWaypost } from './harness.mjs';

// Numbers of customers that occur nowhere else: a count that leaks is recognised.
const kBranches = { east: 37, west: 53 };
const kEvents = 3; // of each customer
const kWhole = kBranches.east + kBranches.west;

let server;
const keys = {};
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-rows-'));
const nameOf = (branch, i) => `${branch}-customer-${i}`;
const deviceOf = (branch, i) => `${branch}-device-${i}`;

const everyone = (eventsOf) => Object.entries(kBranches).flatMap(([branch, count]) => Array.from({ length: count }, (_, i) => eventsOf(branch, i)).flat());
async function send(events) {
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(events) });
  assert.equal((await sent.json()).accepted, events.length);
}

// What the head office draws, and leaves a branch to say.
const gift = {
  name: 'Gift',
  journey: {
    entry: { kind: 'event', on: 'gift' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel: 'sms', text: 'of all' }, { id: 'pause', type: 'wait', for: '2d' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'pause' }, { from: 'pause', to: 'end' }],
  },
  open: [{ path: 'nodes.hello.text', max_length: 20 }, { path: 'nodes.pause.for', least: '1d', most: '3d' }, { path: 'entry.filter' }],
};

before(async () => {
  server = await startWaypost();
  await send(everyone((branch, i) => [
    { type: 'profile_set', distinct_id: nameOf(branch, i), properties: { branch, note: `${branch} note ${i}`, name: `${branch} customer ${i}` } },
    { type: 'track_signup', event: '$SignUp', distinct_id: nameOf(branch, i), original_id: deviceOf(branch, i) },
    ...Array.from({ length: kEvents }, (_, k) => ({ event: 'pay', distinct_id: nameOf(branch, i), time: Date.now() - k * 60_000, properties: { branch_of_event: branch } })),
  ]));
  await eventually('all are there', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(pay)' })).count === kWhole);
  await server.call('PUT', '/v1/tables/visit', { key: 'visit', belongs_to: 'customer', columns: [{ name: 'visit', type: 'string' }] });
  await server.call('POST', '/v1/tables/visit/rows', { rows: everyone((branch, i) => [{ identities: { distinct: nameOf(branch, i) }, values: { visit: `${branch} note ${i}` } }]) });
  await server.call('POST', '/v1/segments', { id: 'payers', name_en: 'Payers', eql: 'DID(pay)' });
  await server.call('POST', '/v1/segments/payers/run');
  await server.call('POST', '/v1/lists', { id: 'guests', name_en: 'Guests', key: 'distinct', values: everyone((branch, i) => [nameOf(branch, i)]) });
  await server.call('POST', '/v1/tags', { id: 'home', name_en: 'Home', make: { kind: 'value', of: 'branch' } });
  await server.call('POST', '/v1/tags/home/run');
  await server.call('PUT', '/v1/channels/task', { name: 'task', kind: 'tasks' });
  await server.call('POST', '/v1/journeys', {
    id: 'waiting', entry: { kind: 'event', on: 'welcome' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'say', type: 'send', channel: 'sms', text: '{{customer.note}}' },
      { id: 'call', type: 'send', channel: 'task', text: 'call {{customer.note}}' }, { id: 'wait', type: 'wait', for: '30d' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'say' }, { from: 'say', to: 'call' }, { from: 'call', to: 'wait' }, { from: 'wait', to: 'end' }],
  });
  await send(everyone((branch, i) => [{ event: 'welcome', distinct_id: nameOf(branch, i) }]));
  await eventually('all were told', async () => (await server.call('GET', '/v1/journeys/messages/sandbox?limit=1000')).items.length === kWhole);
  await eventually('all wait', async () => (await server.call('GET', '/v1/journeys/waiting/nodes/wait/customers')).count === kWhole);
  await eventually('all are tasks', async () => (await server.call('GET', '/v1/tasks?state=waiting&limit=1000')).items.length === kWhole);
  await Promise.all(everyone((branch, i) => [server.call('PUT', '/v1/journeys/messages/consent', { customer: { key: 'distinct', value: nameOf(branch, i) }, channel: 'push', purpose: branch, allowed: i > 0 })]));
  await server.call('PUT', '/v1/journeys/templates/gift', gift);
  for (const branch of Object.keys(kBranches)) {
    await server.call('PUT', `/v1/organisations/${branch}`, { rows: `branch = ${branch}` });
    const rights = ['customers', 'events', 'questions', 'plan', 'segments', 'tags', 'journeys', 'tasks'].flatMap((object) => [`${object}.view`, `${object}.change`, `${object}.export`, `${object}.approve`]).concat('customers.reveal');
    keys[branch] = (await server.call('POST', '/v1/keys', { id: branch, rights, organisation: branch, days: 1 })).key;
  }
});
after(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function callAs(branch, method, address, body) {
  const response = await fetch(server.base + address, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${keys[branch]}` } });
  return { status: response.status, text: await response.text() };
}

const kRange = { range: { from: '2020-01-01', to: '2040-01-01' } };
const kTrends = { ask: 'trends', ...kRange, interval: 'all', measures: [{ name: 'people', of: 'pay', measure: 'uniques' }, { name: 'times', of: 'pay', measure: 'count' }] };
// For each operation that answers about customers: what to send, in every way that could show others, and what the
// answer must say to a branch of `count` customers.
const kCases = {
  checkTemplate: [[{ body: { text: 'Hello' } }]],
  // Filled with what is given, and with nobody's values, however they are asked for.
  previewTemplate: [
    [{ body: { text: '{{customer.note|default:"none"}}', values: { 'customer.note': 'given' } } }, (answer) => assert.equal(answer.text, 'given')],
    ...['own', 'other'].map((customer) => [{ customer, none: true, ofCustomer: { text: '{{customer.note|default:"none"}} {{visit.visit|default:"none"}}' } }, (answer) => assert.equal(answer.text, 'none none')]),
  ],
  ask: [
    [{ body: kTrends }, (answer, count) => {
      assert.equal(answer.everyone.measures.people.total ?? answer.everyone.measures.people.buckets[0], count);
      assert.equal(answer.everyone.measures.times.total ?? answer.everyone.measures.times.buckets[0], count * kEvents);
    }],
    [{ body: { ...kTrends, customers_of: { measure: 'people' } } }, (answer, count) => assert.equal(answer.customers.count, count)],
    [{ body: { ...kTrends, by: 'branch_of_event' } }, (answer) => assert.equal(answer.groups.length, 1)],
    [{ body: { ...kTrends, who: { eql: 'IN SEGMENT payers' }, customers_of: { measure: 'people' } } }],
    [{ body: { ask: 'funnel', ...kRange, window: '7d', steps: ['pay', 'pay'] } }, (answer, count) => assert.equal(answer.everyone.steps[0].count, count)],
    [{ body: { ask: 'portrait', groups: [{ who: { eql: 'IN SEGMENT payers' } }], cross: [['branch', 'note']], top: 1000 } }, (answer, count) => {
      assert.deepEqual([answer.base.count, answer.groups[0].count, answer.crosses[0].rows.length], [count, count, count]);
      assert.equal(answer.fields.find((field) => field.customer === 'branch').rows.length, 1);
    }],
    [{ body: { ask: 'retention', start: 'pay', return: 'pay', range: { last: 7, unit: 'day', include_current: true } } }],
  ],
  explain: [[{ body: kTrends }, (answer) => assert.deepEqual([answer.rows, answer.bytes, answer.parts], [0, 0, 0])]],
  checkRule: [[{ body: { eql: 'DID(pay)' } }]],
  estimateRule: [
    [{ body: { eql: 'DID(pay)', explain: true } }, (answer, count) => assert.deepEqual([answer.count, answer.everyone], [count, count])],
    [{ body: { eql: 'IN SEGMENT payers' } }, (answer, count) => assert.equal(answer.count, count)],
    [{ body: { eql: 'ANY visit' } }, (answer, count) => assert.equal(answer.count, count)],
    [{ body: { eql: 'NOT IN SEGMENT payers OR branch != east OR branch != west' } }, (answer, count) => assert.equal(answer.count, count)],
    [{ body: { eql: 'TOP 100 BY COUNT OF (pay)' } }, (answer, count) => assert.equal(answer.count, count)],
  ],
  listSegments: [[{}]],
  showSegment: [[{ at: { id: 'payers' } }]],
  showMembers: [[{ at: { id: 'payers' }, query: '&limit=1000' }, (answer, count) => assert.equal(answer.count, count)]],
  overlapSegments: [[{ body: { segments: ['payers', 'payers'] } }, (answer, count) => assert.deepEqual(answer.shared, [[count, count], [count, count]])]],
  exportSegment: [[{ at: { id: 'payers' }, file: true }, (answer, count) => assert.equal(answer.rows, count)]],
  downloadSegment: [[{ at: { id: 'payers' }, body: { format: 'csv' } }]],
  showPlan: [[{}]],
  showCustomer: [[{ customer: 'own' }], [{ customer: 'other' }, undefined, 404]],
  searchCustomers: [
    [{}, (answer, count) => assert.equal(answer.items.length, Math.min(count, 50))],
    [{ query: '&find=customer' }, (answer, count) => assert.equal(answer.items.length, Math.min(count, 50))],
    [{ customer: 'own', find: true }, (answer) => assert.equal(answer.items.length, 1)],
    [{ customer: 'other', find: true, none: true }, (answer) => assert.deepEqual(answer.items, [])],
  ],
  segmentsOfCustomer: [
    [{ customer: 'own' }, (answer) => assert.deepEqual(answer.items.map(({ id, last_run }) => [id, last_run]), [['payers', undefined]])],
    [{ customer: 'other' }, undefined, 404],
  ],
  customersAtNode: [
    [{ at: { journey: 'waiting', node: 'wait' } }, (answer, count) => assert.equal(answer.count, count)],
    [{ at: { journey: 'waiting', node: 'start' }, query: '&outcome=next' }, (answer, count) => assert.equal(answer.count, count)],
  ],
  showNode: [[{ at: { journey: 'waiting', node: 'wait' } }, (answer, count) => assert.deepEqual([answer.here, answer.due.reduce((sum, { count: some }) => sum + some, 0)], [count, count])]],
  runSegment: [[{ at: { id: 'payers' } }, (answer) => assert.deepEqual([answer.count, answer.run > 1], [undefined, true])]],
  listLists: [[{}, (answer) => assert.deepEqual(answer.items.map(({ id }) => id), ['guests'])]],
  showRecentEvents: [[{ query: '&limit=1000' }, (answer, count) => assert.equal(answer.items.length, count * (kEvents + 8))]],
  listTags: [[{}, (answer) => assert.deepEqual(answer.items.map(({ id }) => id), ['home'])]],
  showTag: [[{ at: { id: 'home' } }, (answer) => assert.deepEqual(answer.entries.filter(({ what }) => what === 'run').map((run) => [run.status, run.with_value, run.values]), [['ok', undefined, undefined]])]],
  checkTag: [[{ body: { make: { kind: 'value', of: 'branch' } } }]],
  lookUpTags: [
    [{ customer: 'own', lookUp: true }, (answer) => assert.deepEqual(answer.items.map(({ known }) => known), [true])],
    [{ customer: 'other', lookUp: true, none: true }, (answer) => assert.deepEqual(answer.items.map(({ known, tags }) => [known, tags]), [[false, undefined]])],
  ],
  distributeTag: [[{ at: { id: 'home' }, body: {} }, (answer, count) => assert.deepEqual([answer.customers, answer.values.map((value) => value.count)], [count, [count]])]],
  compareTagDays: [[{ at: { id: 'home' }, body: { from: '2040-01-01', to: '2040-01-01' } }, (answer, count) => assert.deepEqual([answer.stayed, answer.transitions.length], [count, 1])]],
  showTagHealth: [[{ at: { id: 'home' } }, (answer, count) => assert.equal(answer.with_value, count)]],
  reportTags: [[{}, (answer, count) => assert.equal(answer.tags[0].with_value, count)]],
  listJourneys: [[{}, (answer) => assert.deepEqual(answer.journeys.map(({ id, active }) => [id, active]), [['waiting', undefined]])]],
  showJourney: [[{ at: { journey: 'waiting' } }, (answer) => assert.deepEqual(answer.nodes.map((node) => Object.keys(node)), Array(5).fill(['id', 'type']))]],
  checkJourney: [[{ body: { id: 'draft', entry: { kind: 'event', on: 'pay', filter: 'branch = west' }, nodes: [{ id: 'a', type: 'entry' }], edges: [] } }, (answer) => assert.equal(answer.valid, true)]],
  showSandbox: [[{ query: '&limit=1000' }, (answer, count) => assert.equal(answer.items.length, count)], [{ query: '&limit=5' }, (answer) => assert.equal(answer.items.length, 5)]],
  showLinks: [[{ query: '&limit=1000' }, (answer, count) => assert.equal(answer.links.length, count * 2)], [{ query: '&limit=5' }, (answer) => assert.equal(answer.links.length, 5)]],
  showIdentityConflicts: [[{}, (answer) => assert.deepEqual([answer.count, answer.set_apart], [0, []])]],
  explainIdentity: [
    [{ customer: 'own', device: true }, (answer) => assert.deepEqual([answer.same, answer.chain.length > 0], [true, true])],
    [{ customer: 'other', device: true }, undefined, 404],
  ],
  traceCustomer: [[{ customer: 'own' }, (answer) => assert.ok(answer.trace.length > 0)], [{ customer: 'other' }, undefined, 404]],
  whyCustomer: [[{ customer: 'own', at: { journey: 'waiting' } }, (answer) => assert.equal(answer.inside.length, 1)], [{ customer: 'other', at: { journey: 'waiting' } }, undefined, 404]],
  listJourneyTemplates: [[{}, (answer) => assert.deepEqual(answer.templates.map(({ id, journeys }) => [id, journeys]), [['gift', []]])]],
  showJourneyTemplate: [[{ at: { id: 'gift' } }, (answer) => assert.equal(answer.total.entered, 0)]],
  showCustomerRows: [
    [{ customer: 'own', at: { table: 'visit' } }, (answer) => assert.deepEqual([answer.total, answer.rows.length], [1, 1])],
    [{ customer: 'other', at: { table: 'visit' } }, undefined, 404],
  ],
  listTasks: [
    [{ query: '&limit=1000' }, (answer, count) => assert.deepEqual([answer.items.length, answer.counts, answer.to.length], [count, { waiting: count }, count])],
    [{ query: '&limit=5&state=open' }, (answer) => assert.equal(answer.items.length, 5)],
  ],
  showConsents: [[{}, ({ customers, consents }, count) => assert.deepEqual([customers, consents.length, consents[0].allowed_by, consents[0].refused_by], [count, 1, count - 1, 1])]],
  showConsentsOf: [[{ customer: 'own' }, ({ consents, ledger }) => assert.deepEqual([consents.map(({ allowed }) => allowed), ledger.events.length], [[false], 1])], [{ customer: 'other' }, undefined, 404]],
  showProfile: [[{ customer: 'own' }, (answer) => assert.ok(answer.events.length > 0)], [{ customer: 'other' }, undefined, 404]],
  showTimeline: [[{ customer: 'own' }], [{ customer: 'other' }, undefined, 404]],
};

// What needs a right and speaks of no customer: what people have written down, and what a test below asks.
const kAboutNobody = ['showClear', 'makeJourney', 'stepTask', ...['Dashboard', 'Question', 'Template'].flatMap((kind) => [`list${kind}s`, `show${kind}`, `put${kind}`, `remove${kind}`])];

// All numbers of an answer but those that count nobody.
function numbersIn(value, key = '') {
  if (['ordinal', 'ordinals', 'version', 'number'].includes(key)) return [];
  if (typeof value === 'number') return [value];
  return value && typeof value === 'object' ? Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, Array.isArray(value) ? key : name)) : [];
}

test('no route shows a branch the customers of another, and every count is its own', async (t) => {
  const { paths } = await server.call('GET', '/v1/openapi.json');
  let asked = 0;
  let refused = 0;
  for (const [branch, other] of [['east', 'west'], ['west', 'east']]) {
    for (const [address, methods] of Object.entries(paths)) {
      for (const [method, { operationId, 'x-right': right }] of Object.entries(methods)) {
        if (!address.startsWith('/v1/') || operationId === 'showOpenApi') continue;
        const cases = kCases[operationId];
        for (const [given, check, status = 200] of cases ?? [[{ body: {} }]]) {
          const file = path.join(folder, `${branch}-${operationId}.csv`);
          const whose = given.customer === 'own' ? branch : other;
          const at = { key: given.customer ? 'distinct' : 'x', value: given.customer ? nameOf(whose, 0) : 'x', id: 'payers', ...(given.device && { other_key: 'distinct', other_value: deviceOf(whose, 0) }), ...given.at };
          const concrete = address.replace(/{(\w+)(\.\.\.)?}/g, (_, name) => encodeURIComponent(at[name] ?? 'x'));
          const body = given.file ? { path: file, format: 'csv' } : given.lookUp ? { key: 'distinct', values: [at.value], tags: ['home'] } : given.ofCustomer ? { ...given.ofCustomer, customer: { key: at.key, value: at.value } } : given.body;
          const answer = await callAs(branch, method.toUpperCase(), `${concrete}?project=default${given.query ?? ''}${given.find ? `&find=${at.value}` : ''}`, method === 'get' ? undefined : body);
          const what = `${branch}: ${method} ${concrete} ${JSON.stringify(body)}: ${answer.status} ${answer.text.slice(0, 300)}`;
          if (!cases) {
            const isRefused = [401, 403].includes(answer.status);
            assert.ok(isRefused || !right.includes('.') || kAboutNobody.includes(operationId), `neither refused nor asked about: ${what}`);
            if (isRefused) refused += 1;
          } else {
            asked += 1;
            assert.equal(answer.status, status, what);
            if (check) check(JSON.parse(answer.text), kBranches[branch]);
          }
          // A refusal repeats what was asked for.
          const seen = answer.text.replaceAll(at.value, '').replaceAll(at.other_value ?? at.value, '') + (given.file ? fs.readFileSync(file, 'utf8') : '');
          if (given.customer === 'other' && !given.none) assert.match(answer.text, /unknown_customer/);
          if (given.file) assert.ok(seen.includes(nameOf(branch, 0)) || seen.includes(`${branch} note`), what);
          assert.ok(!seen.replaceAll('branch != east OR branch != west', '').match(new RegExp(`${other}[- ](customer|note|device)`)), what);
          const numbers = status === 200 && answer.text.startsWith('{') ? numbersIn(JSON.parse(answer.text)) : [];
          for (const leak of [kBranches[other], kWhole, kBranches[other] * kEvents, kWhole * kEvents]) assert.ok(!numbers.includes(leak), `${leak} in ${what}`);
        }
      }
    }
  }
  t.diagnostic(`${asked} calls answered, ${refused} refused`);
  assert.ok(asked >= 70, `${asked} asked`);
  assert.ok(refused >= 30, `${refused} refused`);
});

test('a branch makes a journey of a template: of what is open, and for its own customers', async () => {
  const make = async (branch, body) => {
    const { status, text } = await callAs(branch, 'POST', '/v1/journeys/templates/gift/journeys', body);
    return [status, text];
  };
  const refusals = [
    [{ 'nodes.hello.channel': 'push' }, /template_locked.*nodes\.hello\.channel/], [{ 'nodes.none.text': 'x' }, /nodes\.none\.text.*unknown_place/], [{ 'entry.on': 'pay' }, /entry\.on/],
    [{ 'entry.filter': 'branch = east) OR (branch != east' }, /eql_syntax/], [{ 'nodes.pause.for': '4d' }, /nodes\.pause\.for.*out_of_bounds/], [{ 'nodes.pause.for': '1h' }, /at least/], [{ 'nodes.hello.text': 'x'.repeat(21) }, /out_of_bounds/], [{ 'nodes.hello.type': 'exit' }, /locked/],
  ];
  for (const [set, why] of refusals) {
    const [status, text] = await make('east', { id: 'gift-east', set });
    assert.equal(status, why.source === 'eql_syntax' ? 400 : 422, text);
    assert.match(text, why);
  }
  const [, checked] = await make('east', { id: 'gift-east', set: { 'nodes.hello.text': 'of east' }, check: true });
  assert.deepEqual([JSON.parse(checked).valid, JSON.parse(checked).definition.entry.filter], [true, "(branch = 'east')"]);
  await assert.rejects(() => server.call('GET', '/v1/journeys/gift-east'), /not_found/);
  for (const branch of ['east', 'west']) {
    const [status, text] = await make(branch, { id: `gift-${branch}`, name: branch, branch, set: { 'nodes.hello.text': `of ${branch}`, 'nodes.pause.for': '1d' } });
    assert.equal(status, 200, text);
  }
  assert.equal((await make('west', { id: 'gift-east' }))[0], 403);

  await send(everyone((branch, i) => [{ event: 'gift', distinct_id: nameOf(branch, i) }]));
  const show = () => server.call('GET', '/v1/journeys/templates/gift');
  const shown = await eventually('both sent to theirs', async () => { const all = await show(); return all.total.messages === kWhole && all; });
  assert.deepEqual(shown.journeys.map(({ branch, entered, version }) => [branch, entered, version]), [['east', kBranches.east, 1], ['west', kBranches.west, 1]]);
  const own = JSON.parse((await callAs('west', 'GET', '/v1/journeys/templates/gift')).text);
  assert.deepEqual([own.journeys.map(({ id }) => id), own.total.entered], [['gift-west'], kBranches.west]);

  // What runs is what the template says, whoever publishes; but how far it is let out.
  const { definition } = await server.call('GET', '/v1/journeys/gift-east');
  const changed = { ...definition, nodes: definition.nodes.map((node) => (node.id === 'hello' ? { ...node, channel: 'push' } : node)) };
  await assert.rejects(() => server.call('POST', '/v1/journeys', changed), /template_locked.*nodes\.hello\.channel/);
  const { template, ...torn } = definition;
  assert.equal(template.scope, "(branch = 'east')");
  await assert.rejects(() => server.call('POST', '/v1/journeys', torn), /template_locked/);
  await server.call('POST', '/v1/journeys/gift-east/release', { percent: 50 });

  // The next version is offered; what it does not take is said.
  await server.call('PUT', '/v1/journeys/templates/gift', { ...gift, open: gift.open.slice(1) });
  const offered = (await show()).journeys[0];
  assert.deepEqual([offered.offered, offered.conflicts.map(({ path: place, code }) => [place, code])], [2, [['nodes.hello.text', 'locked']]]);
  const [status, text] = await make('east', { id: 'gift-east' });
  assert.equal(status, 409, text);
  assert.match(text, /overlay_conflict.*nodes\.hello\.text/);
  assert.equal((await make('east', { id: 'gift-east', drop: ['nodes.hello.text'] }))[0], 200);
  const after = await server.call('GET', '/v1/journeys/gift-east');
  assert.deepEqual([after.definition.nodes[1].text, after.definition.nodes[2].for, after.definition.release, after.definition.template.version], ['of all', '1d', { percent: 50 }, 2]);
  await assert.rejects(() => server.call('DELETE', '/v1/journeys/templates/gift'), /in_use/);
  assert.deepEqual(await server.call('POST', '/v1/journeys/templates/gift/phase', { phase: 'paused' }), { done: ['gift-east', 'gift-west'], left: [] });
  assert.equal((await server.call('GET', '/v1/journeys/gift-west')).phase, 'paused');
});

test('a branch moves no task about a customer of another', async () => {
  const [task] = JSON.parse((await callAs('west', 'GET', '/v1/tasks')).text).items;
  const step = (branch) => callAs(branch, 'POST', `/v1/tasks/${task.key}`, { step: 'done' });
  assert.equal((await step('east')).status, 404);
  assert.equal(JSON.parse((await callAs('west', 'GET', '/v1/tasks?state=done')).text).items.length, 0);
  assert.equal(JSON.parse((await step('west')).text).state, 'done');
  assert.equal((await step('west')).status, 409);
});

test('a customer who moves is seen by the other branch and no more by the first', async () => {
  const moved = nameOf('east', 5);
  const statusOf = async (branch) => (await callAs(branch, 'GET', `/v1/customers/distinct/${moved}`)).status;
  assert.deepEqual([await statusOf('east'), await statusOf('west')], [200, 404]);
  await send([{ type: 'profile_set', distinct_id: moved, properties: { branch: 'west' } }]);
  await eventually('moved', async () => (await statusOf('east')) === 404);
  assert.equal(await statusOf('west'), 200);
});

test('a rule that does not fit shows nobody', async () => {
  await server.call('PUT', '/v1/organisations/east', { rows: 'no_such_attribute = 1' });
  const { status, text } = await callAs('east', 'POST', '/v1/query', kTrends);
  assert.equal(status, 403, text);
  assert.match(text, /rows_unclear/);
});
