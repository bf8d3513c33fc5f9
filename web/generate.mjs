// node generate.mjs URL: the console's types of the API, from the OpenAPI text a running server gives,
// into src/api/schema.ts: the calls that the sources make, and what these need. A test holds that file
// against the server, so that the two cannot differ.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const kSources = fileURLToPath(new URL('src', import.meta.url));
const kOutput = path.join(kSources, 'api/schema.ts');

const quoted = (value) => JSON.stringify(value).replaceAll('"', "'");
const key = (name) => (/^\w+$/.test(name) ? name : quoted(name));

function objectType(schema) {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `${key(name)}${schema.required?.includes(name) ? '' : '?'}: ${type(field)}`);
  const extra = schema.additionalProperties;
  if (extra && extra !== true && fields.length === 0) return `Record<string, ${type(extra)}>`;
  if (fields.length === 0) return 'Record<string, unknown>';
  return `{ ${fields.join('; ')} }${extra ? ' & Record<string, unknown>' : ''}`;
}

function type(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.enum) return schema.enum.map(quoted).join(' | ');
  if ('const' in schema) return quoted(schema.const);
  for (const way of ['oneOf', 'anyOf']) if (schema[way]) return schema[way].map(type).join(' | ');
  switch (schema.type) {
    case 'object': return objectType(schema);
    case 'array': { const items = type(schema.items ?? {}); return /[ |&]/.test(items) ? `(${items})[]` : `${items}[]`; }
    case 'integer': case 'number': return 'number';
    case 'string': case 'boolean': return schema.type;
    default: return 'unknown';
  }
}

const content = (holder) => holder?.content?.['application/json']?.schema;

// The names in `call('name'` and `callForFile('name'` anywhere in the sources.
function called() {
  const files = fs.readdirSync(kSources, { recursive: true }).filter((name) => /\.tsx?$/.test(name));
  return new Set(files.flatMap((name) => [...fs.readFileSync(path.join(kSources, name), 'utf8').matchAll(/\bcall(?:ForFile)?\('(\w+)'/g)].map((match) => match[1])));
}

function operations(document) {
  const names = called();
  return Object.entries(document.paths).flatMap(([address, methods]) =>
    Object.entries(methods).filter(([, operation]) => names.has(operation.operationId)).map(([method, operation]) => ({
      name: operation.operationId, method: method.toUpperCase(), path: address,
      request: content(operation.requestBody), response: content(operation.responses['200']),
    })));
}

// The schemas that `roots` need, in the order of the document.
function needed(document, roots) {
  const found = new Set();
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    const name = typeof node.$ref === 'string' ? node.$ref.split('/').at(-1) : undefined;
    if (name && !found.has(name)) {
      found.add(name);
      visit(document.components.schemas[name]);
    }
    Object.values(node).forEach(visit);
  };
  roots.forEach(visit);
  return Object.entries(document.components.schemas).filter(([name]) => found.has(name));
}

export function schemaSource(document) {
  const calls = operations(document);
  const schemas = needed(document, [{ $ref: 'Error' }, ...calls.flatMap(({ request, response }) => [request, response])]);
  return `// Made by web/generate.mjs from the server's OpenAPI text. Do not edit.

${schemas.map(([name, schema]) => `export type ${name} = ${type(schema)};`).join('\n')}

export interface Operations {
${calls.map((call) => `  ${call.name}: { request: ${call.request ? type(call.request) : 'undefined'}; response: ${call.response ? type(call.response) : 'unknown'} };`).join('\n')}
}

export const routes = {
${calls.map((call) => `  ${call.name}: { method: '${call.method}', path: '${call.path}' },`).join('\n')}
} as const satisfies { [name in keyof Operations]: { method: string; path: string } };
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const document = await (await fetch(`${process.argv[2]}/v1/openapi.json`)).json();
  fs.writeFileSync(kOutput, schemaSource(document));
}
