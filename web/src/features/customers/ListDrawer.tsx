import { Button, Drawer, Form, Input } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { call } from '../../api/client';
import { exact } from '../../lib/format';
import { link } from '../../lib/links';
import { idOf } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

interface Fields { name: string; id: string }

// The customers behind a number become a list, and the list a segment: as they are now, for good.
export function ListDrawer({ count, ordinals, suggested, onClose }: { count: number; ordinals: number[]; suggested: string; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const make = useMutation({
    mutationFn: ({ id, name }: Fields) => call('uploadList', { body: { id, ordinals, ...(language === 'zh' ? { name_zh: name } : { name_en: name }) } }),
    onSuccess: async (_, { id }) => {
      await client.invalidateQueries({ queryKey: ['lists'] });
      await navigate(link('/segments/new', { eql: `FIND customer WHERE IN LIST ${id}` }));
    },
  });
  return (
    <Drawer open onClose={onClose} size={420} title={t('makeSegment')}>
      <Form form={form} layout="vertical" initialValues={{ name: suggested, id: idOf(suggested) }} onFinish={(fields) => make.mutate(fields)}
        onValuesChange={(changed: Partial<Fields>) => { if (changed.name !== undefined && !form.isFieldTouched('id')) form.setFieldValue('id', idOf(changed.name)); }}>
        <p className="quiet" style={{ marginBottom: 16 }}>{t(count > ordinals.length ? 'listFirst' : 'listHow', { count: exact(count, language), shown: exact(ordinals.length, language) })}</p>
        <Form.Item name="name" label={t('listName')} rules={[{ required: true, message: t('nameNeeded') }]}><Input maxLength={60} autoFocus /></Form.Item>
        <Form.Item name="id" label={t('listId')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idNeeded') }]}><Input className="code" maxLength={64} /></Form.Item>
        {make.isError && <Form.Item><ProblemNote error={make.error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={make.isPending}>{t('next')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}
