// A provider of messages for tests: takes messages over HTTP in nine moods, with or without idempotency
// keys, one by one or several in a call, answers status queries, calls back with receipts, and counts what reached
// each customer.
import http from 'node:http';

export const kMoods = ['ok', 'slow', 'drop after accept', 'error after accept', 'busy', 'reset', 'garbage', 'refused in success', 'repeated receipts'];
const kSlowMs = 150;

// A mood for the first attempts of a message: of its key, so that a run can be repeated.
export const moodOf = (key, attempt) => (attempt < 2 ? kMoods[(parseInt(key.slice(0, 8), 16) + attempt) % kMoods.length] : 'ok');

// `keys`: a second message of one key reaches nobody. `mood` says how each attempt is met.
export async function startProvider({ keys = false, mood = () => 'ok' } = {}) {
  const provider = {
    reached: new Map(), // key -> how often the customer got it
    refused: new Set(), // keys
    addresses: new Map(), // key -> address
    attempts: new Map(), // key -> count
    bodies: [],
    receiptsTo: '', // URL; empty: no receipts
  };
  const reach = (key) => {
    if (keys && provider.reached.has(key)) return;
    provider.reached.set(key, (provider.reached.get(key) ?? 0) + 1);
  };
  const callBack = async (key, times) => {
    for (let i = 0; i < times && provider.receiptsTo; ++i) {
      const body = JSON.stringify({ reports: [{ ref: key, state: 'DELIVRD' }] });
      await fetch(provider.receiptsTo, { method: 'POST', body }).catch(() => {});
    }
  };
  const moodFor = ({ ref: key, to }) => {
    const attempt = provider.attempts.get(key) ?? 0;
    provider.attempts.set(key, attempt + 1);
    provider.addresses.set(key, to);
    return mood(key, attempt, to);
  };
  const sayTo = (response) => (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  // Of several in a call some may be refused; any other mood of one is that of the whole call.
  const answerAll = (response, messages) => {
    const say = sayTo(response), moods = messages.map(moodFor);
    const how = moods.find((one) => one !== 'ok' && one !== 'refused in success');
    if (how === 'busy') return say(429, '');
    messages.forEach(({ ref: key }, i) => (moods[i] === 'refused in success' ? provider.refused.add(key) : reach(key)));
    if (how === 'error after accept') return say(500, 'oops');
    if (how === 'nothing said') return say(200, '');
    return say(200, JSON.stringify(moods.map((one) => (one === 'refused in success' ? 'fail' : 'ok'))));
  };
  const answer = async (request, response, message) => {
    const { ref: key } = message, say = sayTo(response), how = moodFor(message);
    if (how === 'busy') return say(429, '');
    if (how === 'reset') return request.socket.resetAndDestroy();
    if (how === 'refused in success' && !provider.reached.has(key)) {
      provider.refused.add(key);
      return say(200, '{"code":7,"message":"no such number"}');
    }
    if (how === 'slow') await new Promise((resolve) => setTimeout(resolve, kSlowMs));
    reach(key);
    void callBack(key, how === 'repeated receipts' ? 3 : 1);
    if (how === 'drop after accept') return request.socket.destroy();
    if (how === 'error after accept') return say(500, 'oops');
    if (how === 'garbage') return say(200, '<html>');
    return say(200, '{"code":0}');
  };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      if (request.method === 'GET') {
        return response.writeHead(provider.reached.has(request.url.split('/').pop()) ? 200 : 404).end('{}');
      }
      provider.bodies.push({ headers: request.headers, body });
      const message = JSON.parse(body);
      if (Array.isArray(message)) return answerAll(response, message);
      void answer(request, response, message);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider.base = `http://127.0.0.1:${server.address().port}`;
  provider.stop = () => { server.closeAllConnections(); server.close(); };
  return provider;
}

// The description of a channel at this provider.
export const channelAt = (provider, name, more = {}) => ({
  name, kind: 'http', address: 'login',
  request: { url: `${provider.base}/send`, headers: { 'Content-Type': 'application/json' }, body: '{"to":"{{address}}","text":"{{text}}","ref":"{{key}}"}', timeout_ms: 2000 },
  accepted: { status: 200, where: { '/code': '0' } },
  rejected: [{ status: 200, where: { '/code': '*' } }, { status: 400 }],
  receipts: { items: '/reports', key: '/ref', outcome: '/state', outcomes: { DELIVRD: 'delivered', UNDELIV: 'bounced' } },
  ...more,
});
// Up to `most` messages in a call.
export const batchAt = (most) => ({ batch: { most }, accepted: { where: { '': 'ok' } }, rejected: { where: { '': 'fail' } }, repeatable: true });
// Where messages of unknown outcome are asked for.
export const queryAt = (provider) => ({ query: { request: { method: 'GET', url: `${provider.base}/messages/{{key}}` }, after_seconds: 1 } });
