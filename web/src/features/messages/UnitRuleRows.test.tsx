// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { setLanguage } from '../../lib/texts';
import { trimmed, type Policy } from './core/policy';
import { PolicyForm } from './PolicyForm';

afterEach(cleanup);

// The form of rules, and what it says after each change.
function show(policy: Policy, language: 'zh' | 'en' = 'en') {
  setLanguage(language);
  const said: { policy: Policy } = { policy };
  function Stage() {
    const [is, set] = useState(policy);
    return <PolicyForm policy={is} onChange={(next) => { said.policy = trimmed(next); set(next); }} />;
  }
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, enabled: false } } });
  client.setQueryData(['session'], { rights: ['journeys.view'] });
  render(<QueryClientProvider client={client}><Stage /></QueryClientProvider>);
  return said;
}
const type = (label: RegExp, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('a unit of the bank gets rules of its own by clicking, and what is left empty is not said', () => {
  const said = show({ zone: 'Asia/Shanghai', units: { attribute: 'branch' } });
  fireEvent.click(screen.getByText('Add rules of a unit'));
  type(/^Rules of units 1 Unit$/, 'hk');
  expect(said.policy.units).toEqual({ attribute: 'branch', rules: [{ unit: 'hk' }] });
  type(/^Rules of units 1 Money$/, '20000');
  type(/^Rules of units 1 Messages$/, '100');
  expect(said.policy.units?.rules).toEqual([{ unit: 'hk', budget: { money: 20_000, sends: 100 } }]);
  type(/^Rules of units 1 Money$/, '');
  type(/^Rules of units 1 Messages$/, '');
  expect(said.policy.units?.rules).toEqual([{ unit: 'hk' }]);
});

const kAll: Policy = {
  units: {
    attribute: 'branch',
    rules: [{
      unit: 'hk', caps: [{ name: 'daily', limit: 1, rolling: '24h' }], quiet: [{ from: '20:00', to: '10:00' }], blackouts: [{ name: 'x', from: '2027-01-01', to: '2027-01-02' }],
      suppressed: [{ when: 'IN SEGMENT staff', channel: 'sms' }], channels: [{ name: 'sms', per_second: 20 }], budget: { money: 20_000, per: 'week' },
    }],
  },
};

test.each(['zh', 'en'] as const)('all that a unit says stands in the form, in %s, and stays when something else changes', (language) => {
  const said = show(kAll, language);
  for (const value of ['daily', '20:00', '2027-01-02', 'IN SEGMENT staff', '20']) expect(screen.getAllByDisplayValue(value).length).toBeGreaterThan(0);
  fireEvent.change(screen.getByDisplayValue('IN SEGMENT staff'), { target: { value: 'IN SEGMENT vip' } });
  expect(said.policy).toEqual({ units: { ...kAll.units, rules: [{ ...kAll.units!.rules![0], suppressed: [{ when: 'IN SEGMENT vip', channel: 'sms' }] }] } });
});
