// docs/calls.md: every call of the OpenAPI document with its example, by topic.
const kWidth = 110;

// JSON on one line where that is short, else a line for each member.
function layOut(value, indent = '') {
  const line = JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"|[:,]/g, (token) => (token.length === 1 ? `${token} ` : token));
  if (!(value instanceof Object) || indent.length + line.length <= kWidth) return line;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = `${indent} `;
  const members = Object.entries(value).map(([name, item]) => (Array.isArray(value) ? '' : `${JSON.stringify(name)}: `) + layOut(item, inner));
  return `${open}\n${members.map((member) => inner + member).join(',\n')}${close}`;
}

const text = (value) => (typeof value === 'string' ? value : layOut(value));
const formOf = (form) => Object.entries(form).map(([name, value]) => `${name}=${value}`).join('&');

function section(path, method, { operationId, summary, requestBody, responses, ...rest }) {
  const [[asked, { example: body } = {}] = []] = Object.entries(requestBody?.content ?? {});
  const [{ example: answer } = {}] = Object.values(responses['200'].content ?? {});
  const lines = [rest['x-example'] ?? `${method.toUpperCase()} ${path}`];
  if (body !== undefined) lines.push(asked.endsWith('urlencoded') ? formOf(body) : text(body));
  if (answer !== undefined) lines.push('', text(answer));
  return `### ${method.toUpperCase()} ${path}\n\n${summary}. Right \`${rest['x-right']}\`, operation \`${operationId}\`.\n\n${lines.join('\n').replace(/^(?=.)/gm, '    ')}\n`;
}

export function pageOf({ paths }) {
  const topics = new Map();
  for (const [path, methods] of Object.entries(paths)) {
    const topic = path.match(/^\/v1\/(\w+)/)?.[1] ?? 'server';
    const name = /^\/(sa|debug)/.test(path) ? 'sa' : topic.length === 1 ? 'batch' : topic;
    topics.set(name, (topics.get(name) ?? []).concat(Object.entries(methods).map(([method, call]) => section(path, method, call))));
  }
  const list = [...topics.keys()].map((name) => `[${name}](#${name})`).join(' · ');
  const body = [...topics].map(([name, sections]) => `## ${name}\n\n${sections.join('\n')}`).join('\n');
  return `# Every call

Each call with an example: what was sent to a demo bank (\`waypost demo\`), and after an empty line what it answered; of
lists at most two items are shown, and \`{names}\` stand for what an answer before had. They are [examples/calls.jsonl](../examples/calls.jsonl),
are in \`/v1/openapi.json\` as well (\`example\`, \`x-example\`), and a test makes all of them. Who calls sends
\`Authorization: Bearer TOKEN\`, collecting \`Authorization: Basic\` with the write key as the user; a session of the console
sends its cookie and \`X-Waypost: console\`. A script makes any of them with \`waypost call METHOD PATH [FILE]\` or a command of its own ([commands.md](commands.md)). This page is made of that document: \`WAYPOST_RECORD=1\` with tests/e2e/calls.test.mjs
makes it, and the answers, anew.

${list}

${body}`;
}
