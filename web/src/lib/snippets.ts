// Code that sends a first event, with the key and the address already in it. The product's SDKs are
// the ones companies have: Segment's, Sensors Analytics', or plain HTTP.
export interface Snippet {
  name: string;
  code: string;
}

export function snippets(address: string, key: string, project: string): Snippet[] {
  return [
    {
      name: 'HTTP',
      code: `curl -u '${key}:' \\
  ${address}/v1/events -d '[
  {"event": "login_success", "distinct_id": "u1", "properties": {"channel": "app"}}
]'`,
    },
    {
      name: 'Node.js · Segment',
      code: `import { Analytics } from '@segment/analytics-node';
const analytics = new Analytics({ writeKey: '${key}', host: '${address}' });
analytics.track({ userId: 'u1', event: 'login_success', properties: { channel: 'app' } });
await analytics.closeAndFlush();`,
    },
    {
      name: 'Web · Segment',
      code: `import { AnalyticsBrowser } from '@segment/analytics-next';
const analytics = AnalyticsBrowser.load({ writeKey: '${key}', cdnURL: '${address}' });
analytics.identify('u1');
analytics.track('login_success', { channel: 'web' });`,
    },
    {
      name: 'Web · 神策 Sensors',
      code: `import sensors from 'sa-sdk-javascript';
sensors.init({ server_url: '${address}/sa?project=${project}&token=${key}' });
sensors.login('u1');
sensors.track('login_success', { channel: 'web' });`,
    },
  ];
}
