import { Button, Drawer, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

export interface StructureFields {
  id: string;
  name_zh?: string;
  name_en?: string;
  rows?: string;
}

// A role or an organisation: names, whose customers, and what `children` ask.
export function StructureDrawer<Fields extends StructureFields>({ title, thing, error, saving, children, onSave, onClose }: {
  title: string; thing: Partial<Fields>; error?: unknown; saving: boolean; children: ReactNode; onSave: (fields: Fields) => Promise<unknown>; onClose: () => void;
}) {
  const t = useTexts(texts);
  return (
    <Drawer open onClose={onClose} size={480} title={title}>
      <Form layout="vertical" initialValues={thing} onFinish={(fields: Fields) => void onSave(fields).then(onClose).catch(() => undefined)}>
        <Form.Item name="id" label={t('id')} extra={!thing.id && t('idHint')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idHint') }]}><Input disabled={!!thing.id} autoFocus={!thing.id} spellCheck={false} /></Form.Item>
        <Form.Item name="name_zh" label={t('nameZh')}><Input maxLength={30} /></Form.Item>
        <Form.Item name="name_en" label={t('nameEn')}><Input maxLength={60} /></Form.Item>
        {children}
        <Form.Item name="rows" label={t('rows')} extra={t('rowsHint')}><Input.TextArea className="code" rows={3} maxLength={4096} spellCheck={false} placeholder={t('rowsExample')} /></Form.Item>
        {!!error && <Form.Item><ProblemNote error={error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={saving}>{t('save')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}
