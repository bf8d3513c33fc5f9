// @vitest-environment jsdom
import '../../test/setup';
import { fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter, useLocation } from 'react-router-dom';
import { setLanguage } from '../../lib/texts';
import type { FunnelAnswer } from './core/answer';
import type { FunnelQuestion } from './core/question';
import { FunnelResult } from './FunnelResult';

const question: FunnelQuestion = { ask: 'funnel', range: { last: 30, unit: 'day' }, window: '7d', steps: ['look', 'buy'], times: true };
const answer: FunnelAnswer = {
  everyone: {
    steps: [{ name: 'look', count: 12_345, from_first: 1, from_previous: 1 }, { name: 'buy', count: 345, from_first: 0.0279, from_previous: 0.0279 }],
    times: { to_convert: { count: 345, p50_ms: 41_000, p90_ms: 90_000 }, from_previous: [{ count: 345, p50_ms: 41_000, p90_ms: 90_000 }] },
  },
};

function Where() {
  return <output>{new URLSearchParams(useLocation().search).get('q')}</output>;
}

const show = (shown: FunnelAnswer) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { enabled: false } } })}>
      <MemoryRouter><FunnelResult answer={shown} question={question} /><Where /></MemoryRouter>
    </QueryClientProvider>,
  );

const asked = () => JSON.parse(screen.getByRole('status').textContent!) as { customers_of: object };

beforeEach(() => setLanguage('en'));

test('a bar opens those who got there, the loss those who stopped before', () => {
  show(answer);
  fireEvent.click(screen.getByRole('button', { name: 'buy 345 reached' }));
  expect(asked().customers_of).toEqual({ step: 2 });
  fireEvent.click(screen.getByRole('button', { name: 'buy 12,000 lost' }));
  expect(asked().customers_of).toEqual({ step: 1, dropped: true });
});

test('numbers are short with the exact one on hover, and rates say of what', () => {
  show(answer);
  expect(screen.getAllByTitle('12,345')[0]!.textContent).toBe('12.3K');
  expect(screen.getAllByTitle('345 / 12,345')[0]!.textContent).toBe('2.8%');
});

test('a funnel that nobody entered says what to do', () => {
  show({ everyone: { steps: [{ name: 'look', count: 0, from_first: 0, from_previous: 0 }] } });
  expect(screen.getByText(/Widen it/)).toBeTruthy();
});
