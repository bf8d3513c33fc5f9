// A channel's description as its form holds it, and back: maps are rows, so that one can be typed name by name; what is
// not said is empty, and is not in the description. docs/channels.md says what each means.
export interface Pair { name: string; value: string }
export interface Place { place: string; values: string[] }
export interface Match { status: string; where: Place[] }
export interface Call { method: string; url: string; headers: Pair[]; body: string; timeout_ms?: number }
export type Kind = 'http' | 'mail' | 'tasks';

export interface ChannelForm {
  name: string; zh: string; en: string; kind: Kind;
  secrets: Pair[]; // the value is what was typed, and never of the description
  address: string; per_second?: number; at_once?: number; repeatable: boolean;
  request: Call;
  sign?: { over: string; secret: string; encoding: string };
  accepted: Match[]; busy: Match[]; rejected: Match[];
  receipts?: { items: string; key: string; outcome: string; outcomes: Pair[] };
  batch?: { most?: number; results: string; body: string };
  query?: { request: Call; found: Match[]; absent: Match[]; after_seconds?: number };
  recall?: { request: Call; recalled: Match[]; too_late: Match[] };
  capture: Pair[];
  url: string; from: string; subject: string; unsubscribe: string;
}

type Json = Record<string, unknown>;

const objectOf = (value: unknown): Json => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const pairsOf = (value: unknown): Pair[] => Object.entries(objectOf(value)).map(([name, of]) => ({ name, value: textOf(of) }));

export const emptyCall: Call = { method: 'POST', url: '', headers: [], body: '' };
export const emptyForm: ChannelForm = {
  name: '', zh: '', en: '', kind: 'http', secrets: [], address: '', repeatable: false, request: { ...emptyCall, headers: [{ name: 'Content-Type', value: 'application/json' }] },
  accepted: [], busy: [], rejected: [], capture: [], url: '', from: '', subject: '', unsubscribe: '',
};

function callOf(value: unknown): Call {
  const { method, url, headers, body, timeout_ms } = objectOf(value);
  return { method: textOf(method) || 'POST', url: textOf(url), headers: pairsOf(headers), body: textOf(body), timeout_ms: numberOf(timeout_ms) };
}

const matchesOf = (value: unknown): Match[] => listOf(value).map(objectOf).map(({ status, where }) => ({
  status: textOf(status), where: Object.entries(objectOf(where)).map(([place, values]) => ({ place, values: listOf(values).map(textOf) })),
}));

export function formOf(description: Json): ChannelForm {
  const { title, kind, secrets, sign, receipts, batch, query, recall } = description;
  const { zh, en } = objectOf(title);
  const text = (name: string) => textOf(description[name]);
  const part = <Of>(value: unknown, read: (of: Json) => Of): Of | undefined => (value === undefined ? undefined : read(objectOf(value)));
  return {
    name: text('name'), zh: textOf(zh), en: textOf(en), kind: kind === 'mail' || kind === 'tasks' ? kind : 'http',
    secrets: listOf(secrets).map((name) => ({ name: textOf(name), value: '' })),
    address: text('address'), per_second: numberOf(description.per_second), at_once: numberOf(description.at_once), repeatable: description.repeatable === true,
    request: callOf(description.request),
    sign: part(sign, (of) => ({ over: textOf(of.over), secret: textOf(of.secret), encoding: textOf(of.encoding) || 'hex' })),
    accepted: matchesOf(description.accepted), busy: matchesOf(description.busy), rejected: matchesOf(description.rejected),
    receipts: part(receipts, (of) => ({ items: textOf(of.items), key: textOf(of.key), outcome: textOf(of.outcome), outcomes: pairsOf(of.outcomes) })),
    batch: part(batch, (of) => ({ most: numberOf(of.most), results: textOf(of.results), body: textOf(of.body) })),
    query: part(query, (of) => ({ request: callOf(of.request), found: matchesOf(of.found), absent: matchesOf(of.absent), after_seconds: numberOf(of.after_seconds) })),
    recall: part(recall, (of) => ({ request: callOf(of.request), recalled: matchesOf(of.recalled), too_late: matchesOf(of.too_late) })),
    capture: pairsOf(description.capture),
    url: text('url'), from: text('from'), subject: text('subject'), unsubscribe: text('unsubscribe'),
  };
}

// Without what is empty. A part that was switched on stays, so that the server says what it lacks.
function said(parts: Json): Json {
  const empty = (value: unknown) => value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0) || (value !== null && typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => !empty(value)));
}

const named = (pairs: Pair[]): Json => Object.fromEntries(pairs.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]));
const asCall = ({ method, headers, ...call }: Call): Json => said({ ...call, method: method === 'POST' ? '' : method, headers: named(headers) });
const asMatch = ({ status, where }: Match): Json => said({
  status: /^\d+$/.test(status) ? Number(status) : status.trim(),
  where: Object.fromEntries(where.filter(({ values }) => values.length > 0).map(({ place, values }) => [place.trim(), values.length === 1 ? values[0] : values])),
});
const asMatches = (matches: Match[]): unknown => (matches.length === 1 && matches[0] ? asMatch(matches[0]) : matches.map(asMatch));
// A match of nothing but "any 2xx" is an empty object, and that says something.
const some = (name: string, matches: Match[]): Json => (matches.length > 0 ? { [name]: asMatches(matches) } : {});

export function descriptionOf(form: ChannelForm): Json {
  const { kind, sign, receipts, batch, query, recall } = form;
  const base = { name: form.name.trim(), ...said({ title: said({ zh: form.zh.trim(), en: form.en.trim() }) }), kind };
  if (kind === 'tasks') return base;
  const common = said({ secrets: form.secrets.map(({ name }) => name.trim()).filter(Boolean), address: form.address.trim(), per_second: form.per_second, at_once: form.at_once, repeatable: form.repeatable });
  if (kind === 'mail') return { ...base, ...common, ...said({ url: form.url.trim(), from: form.from.trim(), subject: form.subject, unsubscribe: form.unsubscribe.trim() }) };
  return {
    ...base, ...common, request: asCall(form.request),
    ...(sign && { sign: said({ ...sign }) }),
    ...some('accepted', form.accepted), ...some('busy', form.busy), ...some('rejected', form.rejected),
    ...(receipts && { receipts: { ...said({ items: receipts.items, key: receipts.key, outcome: receipts.outcome }), outcomes: named(receipts.outcomes) } }),
    ...(batch && { batch: said({ ...batch }) }),
    ...(query && { query: { request: asCall(query.request), ...some('found', query.found), ...some('absent', query.absent), ...said({ after_seconds: query.after_seconds }) } }),
    ...(recall && { recall: { request: asCall(recall.request), ...some('recalled', recall.recalled), ...some('too_late', recall.too_late) } }),
    ...said({ capture: named(form.capture) }),
  };
}

// Those that were typed: the others stay as they are.
export const typedSecrets = ({ secrets }: ChannelForm): Record<string, string> =>
  Object.fromEntries(secrets.filter(({ name, value }) => name.trim() !== '' && value !== '').map(({ name, value }) => [name.trim(), value]));
