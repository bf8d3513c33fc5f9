import { Button, Form, Input } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

interface Typed {
  before: string;
  password: string;
}

// The person's own new password.
export function PasswordForm({ onDone }: { onDone?: () => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: ({ before, password }: Typed) => call('changePassword', { body: { before, password } }),
    onSuccess: async () => {
      await client.invalidateQueries();
      onDone?.();
    },
  });
  return (
    <Form<Typed & { again: string }> layout="vertical" requiredMark={false} onFinish={change.mutate}>
      <Form.Item name="before" label={t('before')} rules={[{ required: true, message: t('passwordNeeded') }]}><Input.Password autoFocus autoComplete="current-password" /></Form.Item>
      <Form.Item name="password" label={t('newPassword')} extra={t('newPasswordHint')} rules={[{ required: true, message: t('passwordNeeded') }]}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item name="again" label={t('again')} dependencies={['password']} rules={[({ getFieldValue }) => ({ validator: (_, typed) => (typed === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('notAlike')))) })]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {change.isError && <Form.Item><ProblemNote error={change.error} /></Form.Item>}
      <Button type="primary" htmlType="submit" block loading={change.isPending}>{t('changePassword')}</Button>
    </Form>
  );
}
