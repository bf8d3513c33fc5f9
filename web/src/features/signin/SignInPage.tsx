import { Button, Form, Input } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { SignInFrame } from './SignInFrame';
import { texts } from './texts';

export function SignInPage({ environment }: { environment: string }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: ({ name, password }: { name: string; password: string }) => call('openSession', { body: { name: name.trim().toLowerCase(), password } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <SignInFrame environment={environment}>
      <Form layout="vertical" requiredMark={false} onFinish={signIn.mutate}>
        <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}>
          <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="password" label={t('password')} extra={t('passwordHint')} rules={[{ required: true, message: t('passwordNeeded') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {signIn.isError && <Form.Item><ProblemNote error={signIn.error} /></Form.Item>}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>{t('signIn')}</Button>
      </Form>
    </SignInFrame>
  );
}
