import { useEffect } from 'react';
import { Button, Divider, Form, Input } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, Problem } from '../../api/client';
import { kBase } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { SignInFrame } from './SignInFrame';
import { texts } from './texts';

// What the identity provider sent the browser back with, once: the address is clean from then on.
function takeAnswer() {
  const { pathname, search } = window.location;
  if (pathname !== `${kBase}/sign-in`) return undefined;
  const { state = '', code, iss, error } = Object.fromEntries(new URLSearchParams(search));
  window.history.replaceState(null, '', `${kBase}/`);
  return { state, code, iss, error };
}
const answer = takeAnswer();

function Provider() {
  const t = useTexts(texts);
  const client = useQueryClient();
  const begin = useMutation({ mutationFn: () => call('beginAtProvider'), onSuccess: ({ url }) => window.location.assign(url) });
  const { mutate: open, ...opening } = useMutation({ mutationFn: () => call('openFromProvider', { body: answer! }), onSuccess: () => client.invalidateQueries() });
  useEffect(() => { if (answer) open(); }, [open]);
  const error = begin.error ?? (begin.isIdle && opening.error);
  return (
    <>
      <Divider plain>{t('or')}</Divider>
      {error && <Form.Item><ProblemNote error={error} /></Form.Item>}
      <Button block loading={begin.isPending || opening.isPending} onClick={() => begin.mutate()}>{t('provider')}</Button>
    </>
  );
}

export function SignInPage({ environment, provider }: { environment: string; provider: boolean }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: ({ name, password, code }: { name: string; password: string; code?: string }) => call('openSession', { body: { name: name.trim().toLowerCase(), password, code: code ?? '' } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const why = signIn.error instanceof Problem ? signIn.error.code : '';
  const asked = why === 'code_needed' || why === 'wrong_code';
  return (
    <SignInFrame environment={environment}>
      <Form layout="vertical" requiredMark={false} onFinish={signIn.mutate}>
        <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}>
          <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="password" label={t('password')} extra={t('passwordHint')} rules={[{ required: true, message: t('passwordNeeded') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {asked && <Form.Item name="code" label={t('code')} extra={t('codeHint')} rules={[{ required: true, whitespace: true, message: t('codeNeeded') }]}><Input autoFocus autoComplete="one-time-code" spellCheck={false} /></Form.Item>}
        {signIn.isError && why !== 'code_needed' && <Form.Item><ProblemNote error={signIn.error} /></Form.Item>}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>{t('signIn')}</Button>
      </Form>
      {provider && <Provider />}
    </SignInFrame>
  );
}
