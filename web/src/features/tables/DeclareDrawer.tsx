import { App, Alert, Button, Drawer, Form, Input, Select } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import type { Table } from '../../api/schema';
import { tableLabel, useTables } from '../../api/tables';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { changeOf, fieldsOf, kTypes, type Fields } from './core/declaration';
import { kCustomers } from './Owner';
import { useDeclare } from './queries';
import { texts } from './texts';

const kNew: Partial<Fields> = { owner: 'nobody', columns: [{ name: 'id', type: 'string' }], key: ['id'] };

// A new table, or what may change of one: under rows key, owner and types stay.
export function DeclareDrawer({ table, onClose, onSaved }: { table?: Table; onClose: () => void; onSaved?: (id: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const declare = useDeclare();
  const tables = useTables().data?.items ?? [];
  const owner = Form.useWatch('owner', form), columns = Form.useWatch('columns', form) ?? [];
  const fixed = (table?.rows ?? 0) > 0;
  const names = columns.flatMap((column) => column?.name?.trim() || []);
  const others = tables.filter(({ id }) => id !== kCustomers).map((one) => ({ value: one.id!, label: tableLabel(one, language) }));
  const save = async (fields: Fields) => {
    const made = await declare.mutateAsync({ id: fields.id, table: changeOf(fields) });
    void message.success(t('saved', { name: tableLabel(made, language) }));
    onClose();
    onSaved?.(fields.id);
  };
  return (
    <Drawer open onClose={onClose} size={820} title={table ? tableLabel(table, language) : t('newTable')}>
      <Form<Fields> form={form} layout="vertical" initialValues={table ? fieldsOf(table) : kNew} onFinish={(fields) => void save(fields).catch(() => undefined)}>
        {fixed && <Alert type="info" showIcon title={t('typesStay')} style={{ marginBottom: 16 }} />}
        <div className="thirds">
          <Form.Item name="id" label={t('id')} rules={[{ required: true, pattern: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/, message: t('idNeeded') }]}><Input className="code" maxLength={64} disabled={table !== undefined} autoFocus={!table} spellCheck={false} /></Form.Item>
          <Form.Item name="zh" label={t('zh')}><Input maxLength={60} /></Form.Item>
          <Form.Item name="en" label={t('en')}><Input maxLength={60} /></Form.Item>
          <Form.Item name="owner" label={t('owner')} extra={t('ownerHint')}><Select disabled={fixed} options={(['nobody', 'customer', 'through'] as const).map((value) => ({ value, label: t(`own_${value}`) }))} /></Form.Item>
          {owner === 'through' && <Form.Item name="table" label={t('through')} rules={[{ required: true, message: '' }]}><Select disabled={fixed} options={others.filter(({ value }) => value !== table?.id)} /></Form.Item>}
          {owner === 'through' && <Form.Item name="by" label={t('by')} rules={[{ required: true, message: '' }]}><Select disabled={fixed} options={names.map((value) => ({ value, label: value }))} /></Form.Item>}
        </div>
        <Form.List name="columns">
          {(items, { add, remove }) => (
            <table className="columns">
              <thead><tr><th>{t('column')}</th><th>{t('type')}</th><th>{t('zh')}</th><th>{t('en')}</th><th>{t('class')}</th><th>{t('refers')}</th><th><span className="unseen">{t('removeColumn')}</span></th></tr></thead>
              <tbody>
                {items.map(({ key, name: at }) => {
                  const old = fixed && at < (table?.columns.length ?? 0), label = (what: string) => `${what} ${at + 1}`;
                  return (
                    <tr key={key}>
                      <td><Form.Item noStyle name={[at, 'name']} rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}><Input className="code" aria-label={label(t('column'))} disabled={old} spellCheck={false} /></Form.Item></td>
                      <td><Form.Item noStyle name={[at, 'type']}><Select aria-label={label(t('type'))} disabled={old} popupMatchSelectWidth={false} options={kTypes.map((value) => ({ value, label: t(`type_${value}`) }))} /></Form.Item></td>
                      <td><Form.Item noStyle name={[at, 'zh']}><Input aria-label={label(t('zh'))} /></Form.Item></td>
                      <td><Form.Item noStyle name={[at, 'en']}><Input aria-label={label(t('en'))} /></Form.Item></td>
                      <td><Form.Item noStyle name={[at, 'class']}><Select aria-label={label(t('class'))} allowClear options={['C1', 'C2'].map((value) => ({ value, label: value }))} /></Form.Item></td>
                      <td><Form.Item noStyle name={[at, 'refers']}><Select aria-label={label(t('refers'))} allowClear placeholder={t('noRefers')} popupMatchSelectWidth={false} options={others} /></Form.Item></td>
                      <td><Button type="text" size="small" aria-label={label(t('removeColumn'))} disabled={old || items.length === 1} icon={<CloseOutlined />} onClick={() => remove(at)} /></td>
                    </tr>
                  );
                })}
              </tbody>
              <tfoot><tr><td colSpan={7}><Button type="dashed" size="small" icon={<PlusOutlined />} onClick={() => add({ name: '', type: 'string' })}>{t('addColumn')}</Button></td></tr></tfoot>
            </table>
          )}
        </Form.List>
        <Form.Item name="key" label={t('key')} extra={t('keyHint')} style={{ marginTop: 16 }}><Select mode="multiple" disabled={fixed} options={names.map((value) => ({ value, label: value }))} /></Form.Item>
        {declare.isError && <Form.Item><ProblemNote error={declare.error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={declare.isPending}>{t('save')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}
