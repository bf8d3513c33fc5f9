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

export const questionLink = (question: { ask: string }) => link(`/analysis/${question.ask}`, { q: JSON.stringify(question) });
export const customersLink = (question: object) => link('/customers', { q: JSON.stringify(question) });
