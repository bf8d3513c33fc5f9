// What the server counts, out of Prometheus text: `waypost_events 12`, `name{route="/v1/tags",status="200"} 3`.
export interface Sample {
  name: string; // without "waypost_"
  labels: Record<string, string>;
  value: number;
}

export function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^waypost_(\w+)(?:{(.*)})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map((label) => [label[1]!, label[2]!])), value: Number(value) }];
  });
}

// Of a gauge that has no labels; 0 when the server has none.
export const gauge = (samples: Sample[], name: string): number => samples.find((one) => one.name === name)?.value ?? 0;

export interface Traffic {
  route: string;
  calls: number;
  failed: number; // answered with 500 or more
  refused: number; // with 400 to 499
  meanMs: number;
  slow: number; // of the calls, those that took over a quarter of a second
}

// By route, the one that took most time first.
export function trafficOf(samples: Sample[]): Traffic[] {
  const routes = new Map<string, Traffic & { seconds: number; timed: number; quick: number }>();
  for (const { name, labels, value } of samples) {
    const { route, status = '', le } = labels;
    if (route === undefined) continue;
    const one = routes.get(route) ?? { route, calls: 0, failed: 0, refused: 0, meanMs: 0, slow: 0, seconds: 0, timed: 0, quick: 0 };
    routes.set(route, one);
    if (name === 'http_requests_total') {
      one.calls += value;
      if (status >= '500') one.failed += value;
      else if (status >= '400') one.refused += value;
    }
    if (name === 'http_request_seconds_sum') one.seconds = value;
    if (name === 'http_request_seconds_count') one.timed = value;
    if (name === 'http_request_seconds_bucket' && le === '0.25') one.quick = value;
  }
  return [...routes.values()].sort((a, b) => b.seconds - a.seconds).map(({ seconds, timed, quick, ...one }) => ({ ...one, meanMs: timed > 0 ? (1_000 * seconds) / timed : 0, slow: timed - quick }));
}
