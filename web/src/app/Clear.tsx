import { useEffect, useRef, useState } from 'react';
import { Button, Form, Input, Modal } from 'antd';
import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { call } from '../api/client';
import { useClearMinutes, useMay, useSession } from '../api/queries';
import type { ClearAsk } from '../api/schema';
import { useTexts } from '../lib/texts';
import { ProblemNote } from '../ui/ProblemNote';
import { texts } from './texts';

// Reads anew what shows customers, under what stands on it: a form keeps what was written into it. What nobody looks
// at is forgotten, and so is what cannot be read.
async function readAnew(client: QueryClient) {
  const shown = { predicate: ({ queryKey: [what] }: Query) => what !== 'session' };
  client.removeQueries({ ...shown, type: 'inactive' });
  await client.invalidateQueries(shown);
  await client.resetQueries({ predicate: (query) => shown.predicate(query) && query.state.isInvalidated });
}

// Values that are a person's are masked; who may see them says why, and for a while they are not.
export function Clear() {
  const t = useTexts(texts);
  const session = useSession().data;
  const client = useQueryClient();
  const minutes = useClearMinutes();
  const clear = minutes > 0;
  const before = useRef(clear);
  const [asking, setAsking] = useState(false);
  const show = useMutation({ mutationFn: (body: ClearAsk) => call('showClear', { body }), onSuccess: () => client.invalidateQueries({ queryKey: ['session'] }) });
  const hide = useMutation({ mutationFn: () => call('hideAgain'), onSuccess: () => client.invalidateQueries({ queryKey: ['session'] }) });
  // What was read before shows what may be shown no longer, or masks what need not be.
  useEffect(() => {
    if (before.current === clear) return;
    before.current = clear;
    void readAnew(client);
  }, [clear, client]);
  if (!useMay()('customers.reveal')) return null;
  if (clear) return <Button type="text" icon={<EyeOutlined />} className="clear" title={t('hideAgain')} onClick={() => hide.mutate()}>{t('clearLeft', { minutes })}</Button>;
  return (
    <>
      <Button type="text" icon={<EyeInvisibleOutlined />} onClick={() => setAsking(true)}>{t('showClear')}</Button>
      <Modal open={asking} title={t('clearTitle')} footer={null} destroyOnHidden width={420} onCancel={() => setAsking(false)}>
        <Form<ClearAsk> layout="vertical" onFinish={(body) => show.mutate(body, { onSuccess: () => setAsking(false) })}>
          <p className="quiet" style={{ marginBottom: 12 }}>{t('clearBody')}</p>
          <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reasonNeeded') }]}><Input autoFocus maxLength={60} placeholder={t('reasonHint')} /></Form.Item>
          {session?.second_factor && <Form.Item name="code" label={t('code')} rules={[{ required: true, message: '' }]}><Input inputMode="numeric" autoComplete="one-time-code" /></Form.Item>}
          {show.isError && <Form.Item><ProblemNote error={show.error} /></Form.Item>}
          <div className="bar"><Button type="primary" htmlType="submit" loading={show.isPending}>{t('showClear')}</Button><Button onClick={() => setAsking(false)}>{t('cancel')}</Button></div>
        </Form>
      </Modal>
    </>
  );
}
