// Addresses of pages. What a page shows is in its address; the project goes along.
export const kBase = '/console';

export function link(path: string, state: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  const project = currentProject();
  if (project) query.set('project', project);
  for (const [name, value] of Object.entries(state)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export function currentProject(): string {
  return new URLSearchParams(window.location.search).get('project') ?? '';
}

export const questionLink = <Q extends { ask: string }>(question: Q) => link(`/analysis/${question.ask}`, { q: JSON.stringify(question) });
export const customersLink = (question: object) => link('/customers', { q: JSON.stringify(question) });

// "login:C0000017", what the server calls a customer -> login, C0000017
export function splitName(name: string): [string, string] {
  const colon = name.indexOf(':');
  return [colon < 0 ? '' : name.slice(0, colon), name.slice(colon + 1)];
}

export function customerLink(name: string): string {
  const [key, value] = splitName(name);
  return link(`/customers/${encodeURIComponent(key)}/${encodeURIComponent(value)}`);
}
