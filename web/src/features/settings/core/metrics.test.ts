import { gauge, samplesOf, trafficOf } from './metrics';

const kText = `# HELP waypost_events Events stored
# TYPE waypost_events gauge
waypost_events 40860
waypost_http_requests_total{route="/v1/tags",status="200"} 3
waypost_http_requests_total{route="/v1/tags",status="403"} 1
waypost_http_requests_total{route="/v1/query",status="200"} 2
waypost_http_requests_total{route="/v1/query",status="503"} 5
waypost_http_request_seconds_count{route="/v1/tags"} 4
waypost_http_request_seconds_sum{route="/v1/tags"} 0.02
waypost_http_request_seconds_bucket{route="/v1/tags",le="0.25"} 4
waypost_http_request_seconds_count{route="/v1/query"} 7
waypost_http_request_seconds_sum{route="/v1/query"} 1.4
waypost_http_request_seconds_bucket{route="/v1/query",le="0.25"} 6
waypost_http_request_seconds_bucket{route="/v1/query",le="+Inf"} 7
not a line
`;

test('counts are read with their labels; comments and other lines are none', () => {
  const samples = samplesOf(kText);
  expect(samples).toHaveLength(12);
  expect(samples[1]).toEqual({ name: 'http_requests_total', labels: { route: '/v1/tags', status: '200' }, value: 3 });
  expect([gauge(samples, 'events'), gauge(samples, 'parts')]).toEqual([40860, 0]);
});

test('traffic is told by route, the one that took most time first', () => {
  expect(trafficOf(samplesOf(kText))).toEqual([
    { route: '/v1/query', calls: 7, failed: 5, refused: 0, meanMs: 200, slow: 1 },
    { route: '/v1/tags', calls: 4, failed: 0, refused: 1, meanMs: 5, slow: 0 },
  ]);
});
