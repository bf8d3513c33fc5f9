import { Button, Form, Input, Tag } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { kBase } from '../../lib/links';
import { setLanguage, useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

export function SignInPage({ environment }: { environment: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: ({ token }: { token: string }) => call('openSession', { body: { token: token.trim() } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <main className="gate">
      <div className="sign-in">
        <div className="brand">
          <img src={`${kBase}/icon.svg`} alt="" width={28} height={28} /><b>{t('product')}</b><Tag>{environment}</Tag>
          <Button className="language" type="text" size="small" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>{t('language')}</Button>
        </div>
        <Form layout="vertical" requiredMark={false} onFinish={signIn.mutate}>
          <Form.Item name="token" label={t('token')} extra={t('tokenHint')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
          {signIn.isError && <Form.Item><ProblemNote error={signIn.error} /></Form.Item>}
          <Button type="primary" htmlType="submit" block loading={signIn.isPending}>{t('signIn')}</Button>
        </Form>
      </div>
    </main>
  );
}
