// How soon the console's pages can be used, and what a browser loads for them: Debian's Chromium against a real
// server with the demo bank, each page in a browser that has nothing of it yet and again in one that has, from the
// navigation until nothing is asked for and nothing waits. Writes bench/results/console-*.
//   node bench/console.mjs [--customers 20000] [--runs 5] [--build build/release]
import { machine, machineText, publish, readOptions } from './stand.mjs';

const options = readOptions({ customers: '20000', runs: '5' });
const { eventually, launchBrowser, startWaypost } = await import('../tests/e2e/harness.mjs');
const { settled, signedIn } = await import('../tests/e2e/console.mjs');

const kPages = { home: '/', segments: '/segments', 'one customer': '/customers/login/C0000001', funnel: '/analysis/funnel', 'canvas of 500 nodes': '/journeys/large?view=design' };
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// 500 nodes in rows of 25.
function large() {
  const chain = Array.from({ length: 498 }, (_, i) => ({ id: `n${i}`, type: i % 3 ? 'wait' : 'send', ...(i % 3 ? { for: '1d' } : { channel: 'sms', text: 'x' }) }));
  const nodes = [{ id: 'start', type: 'entry' }, ...chain, { id: 'end', type: 'exit' }].map((node, i) => ({ ...node, at: { x: (i % 25) * 280, y: Math.floor(i / 25) * 120 } }));
  return { id: 'large', entry: { kind: 'api' }, nodes, edges: nodes.slice(1).map(({ id }, i) => ({ from: nodes[i].id, to: id })) };
}

// From the click until the page can be used; `cold` counts what came over the wire, which is compressed. Of what a
// browser has already Chromium says less than nothing.
async function visit(page, address) {
  let bytes = 0;
  const sizes = [];
  const count = (request) => sizes.push(request.sizes().then(({ responseBodySize }) => { if (/\/console\//.test(request.url())) bytes += Math.max(0, responseBodySize); }).catch(() => undefined));
  page.on('requestfinished', count);
  await page.show(address);
  await page.locator('h1').waitFor();
  await settled(page);
  const ms = await page.evaluate(() => performance.now());
  await Promise.all(sizes);
  page.off('requestfinished', count);
  return { ms, bytes };
}

// The milliseconds of frames while a card of the canvas is dragged.
async function drag(page) {
  await page.locator('.react-flow__controls-fitview').click();
  await page.locator('.react-flow__node').nth(400).waitFor();
  const box = await page.locator('[data-id="n260"]').boundingBox();
  await page.evaluate(() => {
    globalThis.frames_ = [];
    let last = performance.now();
    const tick = (now) => { globalThis.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i < 60; ++i) await page.mouse.move(box.x + i * 4, box.y + i * 2);
  await page.mouse.up();
  return page.evaluate(() => globalThis.frames_);
}

const server = await startWaypost(undefined, ['--customers', options.customers, '--days', 90, '--still', '--time-zone', 'Asia/Shanghai'], 'demo');
const browser = await launchBrowser();
const result = { ...machine(), ...options, pages: {}, frames: [] };
try {
  await eventually('the bank is made', () => server.log().includes('server.ready'), 600);
  await server.addUser('li', '李娜');
  await server.call('POST', '/v1/journeys', large());
  for (const [name, address] of Object.entries(kPages)) {
    const cold = [], warm = [];
    for (let run = 0; run < Number(options.runs); ++run) {
      const after = [];
      const page = await signedIn({ after: (end) => after.push(end) }, browser, server, {}, 'li', 'nothing');
      cold.push(await visit(page, address));
      warm.push(await visit(page, address));
      if (name.startsWith('canvas')) result.frames.push(...(await drag(page)));
      for (const end of after) await end();
    }
    result.pages[name] = { cold_ms: Math.round(median(cold.map(({ ms }) => ms))), warm_ms: Math.round(median(warm.map(({ ms }) => ms))), cold_kb: Math.round(cold[0].bytes / 1024), warm_kb: Math.round(warm[0].bytes / 1024) };
  }
} finally {
  await browser.close();
  await server.stop();
}

const frames = result.frames.toSorted((a, b) => a - b);
result.frames = { count: frames.length, p50_ms: median(frames), p95_ms: frames[Math.floor(frames.length * 0.95)] };
const text = `${machineText(result)}; ${options.customers} customers, median of ${options.runs}

| page | first load | usable | again | usable |
| --- | ---: | ---: | ---: | ---: |
${Object.entries(result.pages).map(([name, page]) => `| ${name} | ${page.cold_kb} KB | ${page.cold_ms} ms | ${page.warm_kb} KB | ${page.warm_ms} ms |`).join('\n')}

A frame while a card of 500 is dragged: p50 ${result.frames.p50_ms.toFixed(1)} ms, p95 ${result.frames.p95_ms.toFixed(1)} ms.`;
publish('console', result, text);
