import { lazy, Suspense, useEffect, useState } from 'react';
import { ConfigProvider, App as AntApp } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { QueryCache, QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { createBrowserRouter, RouterProvider } from 'react-router-dom';
import { Problem } from '../api/client';
import { useSession } from '../api/queries';
import type { Session } from '../api/schema';
import { hearWindows } from '../api/windows';
import { PasswordForm } from '../features/signin/PasswordForm';
import { SignInFrame } from '../features/signin/SignInFrame';
import { SignInPage } from '../features/signin/SignInPage';
import { kBase } from '../lib/links';
import { nonce } from '../lib/nonce';
import type { Page } from '../lib/page';
import { useLanguage, useTexts } from '../lib/texts';
import { PageTitle } from '../ui/PageHeader';
import { ProblemNote } from '../ui/ProblemNote';
import { Arriving, Waiting } from '../ui/Waiting';
import { texts as signInTexts } from '../features/signin/texts';
import { Crashed, Lost, Refused } from './Lost';
import { pages } from './pages';
import { useRefused } from './refused';
import { Shell } from './Shell';
import { theme } from './theme';
import { useTitles } from './titles';

function Shown({ page }: { page: Page }) {
  const why = useRefused()(page);
  const [Content] = useState(() => lazy(page.load));
  return <PageTitle value={useTitles()(page)}>{why ? <Refused why={why} right={page.right ?? ''} /> : <Suspense fallback={<Arriving />}><Content /></Suspense>}</PageTitle>;
}

function makeRouter() {
  const children = pages.map((page) => ({ path: page.path.slice(1), element: <Shown key={page.path} page={page} />, errorElement: <Crashed /> }));
  return createBrowserRouter([{ path: '/', element: <Shell />, children: [...children, { path: '*', element: <Lost /> }] }], { basename: kBase });
}

// The session ended: whoever sees "unauthorized" first asks for signing in again. What one person read is forgotten
// before it is another's turn.
function makeClient(): QueryClient {
  let person: string | undefined;
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Problem && error.status === 401) void client.invalidateQueries({ queryKey: ['session'] });
      },
      onSuccess: (data, { queryKey: [what] }) => {
        if (what !== 'session' || (data as Session).person === person) return;
        person = (data as Session).person;
        client.removeQueries({ predicate: ({ queryKey: [other] }) => other !== 'session' });
      },
    }),
    defaultOptions: {
      queries: {
        retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
        refetchOnWindowFocus: false,
      },
    },
  });
  return client;
}

function Gate() {
  const t = useTexts(signInTexts);
  const session = useSession({ watched: true });
  const client = useQueryClient();
  const [router] = useState(makeRouter);
  useEffect(() => hearWindows(() => void client.invalidateQueries({ queryKey: ['session'] })), [client]);
  if (session.data?.must_change) return <SignInFrame environment={session.data.environment}><p>{t('mustChange')}</p><PasswordForm /></SignInFrame>;
  if (session.data) return session.data.signed_in ? <RouterProvider key={session.data.person} router={router} /> : <SignInPage environment={session.data.environment} provider={session.data.provider} />;
  return <div className="gate">{session.isError ? <ProblemNote error={session.error} onRetry={() => void session.refetch()} /> : <Waiting />}</div>;
}

export function App() {
  const language = useLanguage();
  const [client] = useState(makeClient);
  return (
    <ConfigProvider csp={nonce ? { nonce } : undefined} locale={language === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      <AntApp className="app">
        <QueryClientProvider client={client}>
          <Gate />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
