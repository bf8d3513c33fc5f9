// The names in a text, and where their values come from: "customer.name" of the customer, "entry.amount" of what
// the customer came in with, a bare name of either.
const kOfCustomer = /^(?:customer|user)\./;
const kOfEntry = /^(?:entry|event)\./;

export const isOfCustomer = (name: string) => kOfCustomer.test(name);

export interface Known {
  name: string;
  value: unknown;
}

// What is known of the customer, and the names that somebody has to fill in to see the text.
export function fillFrom(names: string[], attributes: Known[]): { values: Record<string, unknown>; missing: string[] } {
  const values: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const name of names) {
    const bare = name.replace(kOfCustomer, '');
    const known = kOfEntry.test(name) ? undefined : attributes.find((one) => one.name === bare);
    if (known && known.value !== null) values[name] = known.value;
    else missing.push(name);
  }
  return { values, missing };
}

// The names that the text cannot do without: they have no default, and no value here.
export function wanted(text: string, values: Record<string, unknown>): string[] {
  const places = [...text.matchAll(/{{\s*([^}|\s]+)\s*(\|[^}]*)?}}/g)].filter(([, name = '', filters = '']) => !(name in values) && !/\|\s*default\s*:/.test(filters));
  return [...new Set(places.map(([, name = '']) => name))];
}

// What was typed stands in where nothing is known; an empty field leaves the default of the text.
export const withTyped = (values: Record<string, unknown>, typed: Record<string, string>): Record<string, unknown> =>
  ({ ...values, ...Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== '')) });
