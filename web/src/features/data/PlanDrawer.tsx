import { App, Button, Drawer, Form, Input, Select } from 'antd';
import { useNames } from '../../api/names';
import { useChangePlan } from '../../api/queries';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import type { Thing } from './thing';
import { texts } from './texts';

const kTypes = ['bool', 'int', 'double', 'decimal', 'string', 'datetime', 'date', 'list'] as const;
const kClasses = ['C1', 'C2', 'C3'] as const;

export function PlanDrawer({ kind, thing, onClose }: { kind: 'event' | 'property'; thing: Thing; onClose: () => void }) {
  const t = useTexts(texts);
  const names = useNames();
  const { message } = App.useApp();
  const change = useChangePlan();
  const save = async (fields: Partial<Thing>) => {
    const changed = { ...fields, name: thing.name };
    await change.mutateAsync(kind === 'event' ? { events: [changed] } : { properties: [changed] });
    void message.success(t('saved', { name: thing.name }));
    onClose();
  };
  return (
    <Drawer open onClose={onClose} size={420} title={t(kind === 'event' ? 'editEvent' : 'editProperty')}>
      <Form layout="vertical" initialValues={thing} onFinish={(fields: Partial<Thing>) => void save(fields).catch(() => undefined)}>
        <Form.Item label={t('name')}><span className="code">{thing.name}</span></Form.Item>
        <Form.Item name="zh" label={t('zh')}><Input maxLength={60} autoFocus /></Form.Item>
        <Form.Item name="en" label={t('en')}><Input maxLength={60} /></Form.Item>
        {kind === 'event' ? (
          <Form.Item name="required" label={t('required')}><Select mode="multiple" options={names.properties.map(({ name }) => ({ value: name, label: names.property(name) }))} /></Form.Item>
        ) : (
          <>
            <Form.Item name="type" label={t('type')} extra={t('typeHint')}><Select options={kTypes.map((value) => ({ value, label: value }))} /></Form.Item>
            <Form.Item name="class" label={t('class')} extra={t('classHint')}><Select options={kClasses.map((value) => ({ value, label: value }))} /></Form.Item>
          </>
        )}
        {change.isError && <Form.Item><ProblemNote error={change.error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={change.isPending}>{t('save')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}
