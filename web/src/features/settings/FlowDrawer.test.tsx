// @vitest-environment jsdom
import '../../test/setup';
import { fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from 'antd';
import { setLanguage } from '../../lib/texts';
import { FlowDrawer } from './FlowDrawer';

test('a new flow says what its levels lack once it is to be saved, and not before', () => {
  setLanguage('en');
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  render(<QueryClientProvider client={client}><App><FlowDrawer kind="journey" before={{ levels: [] }} onClose={() => undefined} /></App></QueryClientProvider>);
  expect(document.querySelector('.fault')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(document.querySelector('.fault')?.textContent).toBe('Each level needs a name.');
  fireEvent.change(screen.getByLabelText('Name of the level 1'), { target: { value: 'Compliance' } });
  expect(document.querySelector('.fault')?.textContent).toBe('Each level needs 1 to 100 people.');
  expect(client.isMutating()).toBe(0);
});
