import { Alert, Button, Form, Input, Typography } from 'antd';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { useSession } from '../../api/queries';
import { useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

function Enrol({ onDone }: { onDone: () => void }) {
  const t = useTexts(texts);
  const begun = useQuery({ queryKey: ['second factor'], queryFn: () => call('beginSecondFactor'), gcTime: 0, staleTime: Infinity });
  const confirm = useMutation({ mutationFn: ({ code }: { code: string }) => call('confirmSecondFactor', { body: { code } }) });
  if (confirm.data) {
    return (
      <>
        <Alert type="success" showIcon title={t('factorSet')} description={t('recoveryHint')} />
        <Typography.Paragraph copyable={{ text: confirm.data.recovery.join('\n') }} className="code recovery">{confirm.data.recovery.map((code) => <div key={code}>{code}</div>)}</Typography.Paragraph>
        <Button type="primary" block onClick={onDone}>{t('kept')}</Button>
      </>
    );
  }
  return (
    <Loaded query={begun} rows={3}>
      {({ secret }) => (
        <Form layout="vertical" requiredMark={false} onFinish={confirm.mutate}>
          <p className="quiet">{t('factorHint')}</p>
          <Form.Item label={t('secret')}><Typography.Text copyable code className="secret">{secret}</Typography.Text></Form.Item>
          <Form.Item name="code" label={t('code')} rules={[{ required: true, whitespace: true, message: t('codeNeeded') }]}><Input autoFocus autoComplete="one-time-code" spellCheck={false} /></Form.Item>
          {confirm.isError && <Form.Item><ProblemNote error={confirm.error} /></Form.Item>}
          <Button type="primary" htmlType="submit" block loading={confirm.isPending}>{t('confirm')}</Button>
        </Form>
      )}
    </Loaded>
  );
}

function Remove({ onDone }: { onDone: () => void }) {
  const t = useTexts(texts);
  const remove = useMutation({ mutationFn: (body: { password: string; code: string }) => call('removeSecondFactor', { body }), onSuccess: onDone });
  return (
    <Form layout="vertical" requiredMark={false} onFinish={remove.mutate}>
      <p className="quiet">{t('factorOn')}</p>
      <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('passwordNeeded') }]}><Input.Password autoComplete="current-password" /></Form.Item>
      <Form.Item name="code" label={t('code')} rules={[{ required: true, whitespace: true, message: t('codeNeeded') }]}><Input autoComplete="one-time-code" spellCheck={false} /></Form.Item>
      {remove.isError && <Form.Item><ProblemNote error={remove.error} /></Form.Item>}
      <Button danger htmlType="submit" block loading={remove.isPending}>{t('removeFactor')}</Button>
    </Form>
  );
}

// The person's own second factor: set it up, or take it away.
export function FactorForm({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const { data: session } = useSession();
  const done = () => {
    void client.invalidateQueries({ queryKey: ['session'] });
    onDone();
  };
  return session?.second_factor ? <Remove onDone={done} /> : <Enrol onDone={done} />;
}
