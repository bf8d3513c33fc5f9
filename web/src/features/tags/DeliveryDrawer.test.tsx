// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App } from 'antd';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import type { Delivery } from '../../api/schema';
import { setLanguage } from '../../lib/texts';
import { DeliveryDrawer } from './DeliveryDrawer';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

const kLake: Delivery = { id: 'lake', name: 'Lake', version: 3, tags: [], decisions: ['entered', 'left'], journeys: ['welcome'], channel: 'hook' };

// The drawer of a delivery, and the bodies that were put.
function show(delivery: Delivery) {
  setLanguage('en');
  const put: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, { method, body }: { method?: string; body?: string } = {}) => { if (method === 'PUT') put.push(JSON.parse(body!)); return Promise.resolve(Response.json(method === 'PUT' ? delivery : { items: [], channels: [], journeys: [], projects: [] })); });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['session'], { rights: ['segments.export', 'journeys.view'] });
  render(<QueryClientProvider client={client}><MemoryRouter><App><DeliveryDrawer delivery={delivery} onClose={() => undefined} onSaved={() => undefined} /></App></MemoryRouter></QueryClientProvider>);
  return put;
}
const save = () => fireEvent.click(screen.getByText('Save'));

test('a delivery of decisions is changed as one of decisions', async () => {
  const put = show(kLake);
  save();
  await waitFor(() => expect(put).toEqual([{ name: 'Lake', version: 3, decisions: ['entered', 'left'], journeys: ['welcome'], channel: 'hook' }]));
});

test('told as Sensors tells, it keeps only what Sensors has events of', async () => {
  const put = show(kLake);
  fireEvent.click(screen.getByText('Events of Sensors Focus'));
  await screen.findByText(/PlanAudienceEnter/);
  save();
  await waitFor(() => expect(put).toEqual([{ name: 'Lake', version: 3, decisions: ['entered'], journeys: ['welcome'], form: 'sensors', channel: 'hook' }]));
});
