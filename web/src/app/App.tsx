import { lazy, Suspense, useState } from 'react';
import { ConfigProvider, App as AntApp } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter, RouterProvider } from 'react-router-dom';
import { Problem } from '../api/client';
import { useSession } from '../api/queries';
import { SignInPage } from '../features/signin/SignInPage';
import { kBase } from '../lib/links';
import { nonce } from '../lib/nonce';
import { useLanguage } from '../lib/texts';
import { ProblemNote } from '../ui/ProblemNote';
import { Waiting } from '../ui/Waiting';
import { Crashed, Lost } from './Lost';
import { pages } from './pages';
import { Shell } from './Shell';
import { theme } from './theme';

function makeRouter() {
  const children = pages.map(({ path, load }) => {
    const Page = lazy(load);
    return { path: path.slice(1), element: <Suspense fallback={<Waiting />}><Page /></Suspense>, errorElement: <Crashed /> };
  });
  return createBrowserRouter([{ path: '/', element: <Shell />, children: [...children, { path: '*', element: <Lost /> }] }], { basename: kBase });
}

// The session ended: whoever sees "unauthorized" first asks for signing in again.
function makeClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Problem && error.status === 401) void client.invalidateQueries({ queryKey: ['session'] });
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
  const session = useSession();
  const [router] = useState(makeRouter);
  if (session.data) return session.data.signed_in ? <RouterProvider router={router} /> : <SignInPage environment={session.data.environment} />;
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
