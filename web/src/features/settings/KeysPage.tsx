import { useState } from 'react';
import { App, Button, Drawer, Form, Input, InputNumber, Select, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { useCreateKey, useKeys, useOrganisations, useRemoveKey, useRoles } from '../../api/people';
import { useMay } from '../../api/queries';
import { useRightName } from '../../api/rightNames';
import type { Key, NewKey } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { ShownOnce } from './ShownOnce';
import { texts } from './texts';
import { useNameOf } from './useNameOf';

function KeyDrawer({ onClose, onMade }: { onClose: () => void; onMade: (key: string) => void }) {
  const t = useTexts(texts);
  const rightName = useRightName();
  const create = useCreateKey();
  const organisations = useOrganisations().data?.items ?? [];
  const nameOf = useNameOf(organisations);
  const rights = [...new Set(useRoles().data?.items.flatMap((role) => role.rights))].sort();
  const save = async (fields: NewKey) => {
    onMade((await create.mutateAsync({ ...fields, organisation: fields.organisation ?? '' })).key);
    onClose();
  };
  return (
    <Drawer open onClose={onClose} size={480} title={t('newKey')}>
      <Form<NewKey> layout="vertical" initialValues={{ days: 90 }} onFinish={(fields) => void save(fields).catch(() => undefined)}>
        <Form.Item name="id" label={t('id')} extra={t('idHint')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idHint') }]}><Input autoFocus spellCheck={false} /></Form.Item>
        <Form.Item name="title" label={t('purpose')}><Input maxLength={30} /></Form.Item>
        <Form.Item name="rights" label={t('rights')} extra={t('rightsHint')} rules={[{ required: true, message: t('rightsNeeded') }]}><Select mode="multiple" options={rights.map((name) => ({ value: name, label: rightName(name) }))} optionFilterProp="label" /></Form.Item>
        <Form.Item name="organisation" label={t('organisation')} extra={t('organisationHint')}><Select allowClear options={organisations.map(({ id }) => ({ value: id, label: nameOf(id) }))} /></Form.Item>
        <Form.Item name="days" label={t('days')} rules={[{ required: true }]}><InputNumber min={1} max={366} precision={0} /></Form.Item>
        {create.isError && <Form.Item><ProblemNote error={create.error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={create.isPending}>{t('save')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}

export default function KeysPage() {
  const t = useTexts(texts);
  const rightName = useRightName();
  const language = useLanguage();
  const now = useNow(60_000);
  const may = useMay();
  const { message, modal } = App.useApp();
  const keys = useKeys();
  const organisationName = useNameOf(useOrganisations().data?.items);
  const remove = useRemoveKey();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const ask = ({ id }: Key) => void modal.confirm({
    title: t('removeKey', { name: id }), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(id).catch((error: Error) => void message.error(error.message)),
  });
  return (
    <>
      <PageHeader title={t('keys')} note={t('keysNote')} actions={may('keys.change') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('newKey')}</Button>} />
      <Loaded query={keys} rows={6}>
        {({ items }) => (
          <section className="panel flush">
            <FoundTable<Key> rowKey="id" rows={items} words={({ id, title, rights: given }) => [id, title, ...given.map((one) => rightName(one))]} find={t('findKey')} empty={t('noKeys')}
              columns={[
                { title: t('id'), dataIndex: 'id', width: 160, sorter: (a, b) => a.id.localeCompare(b.id), render: (id: string) => <span className="code">{id}</span> },
                { title: t('purpose'), dataIndex: 'title', width: 160, ellipsis: true },
                { title: t('rights'), dataIndex: 'rights', render: (names: string[]) => names.map((name) => <Tag key={name} title={name}>{rightName(name)}</Tag>) },
                { title: t('organisation'), dataIndex: 'organisation', width: 130, ellipsis: true, render: (id: string) => id ? organisationName(id) : <span className="quiet">{t('whole')}</span> },
                { title: t('expires'), dataIndex: 'expires', width: 190, className: 'nowrap', sorter: (a, b) => a.expires.localeCompare(b.expires), render: (time: string) => Date.parse(time) > now ? dateTime(Date.parse(time), language) : <Tag variant="filled" color="red">{t('expired')}</Tag> },
                { key: 'actions', width: 88, render: (_, key) => may('keys.change') && <Button type="link" size="small" danger onClick={() => ask(key)}>{t('remove')}</Button> },
              ]} />
          </section>
        )}
      </Loaded>
      {making && <KeyDrawer onClose={() => setMaking(false)} onMade={setMade} />}
      {made && <ShownOnce title={t('keyMade')} note={t('keyOnce')} secret={made} onClose={() => setMade(undefined)} />}
    </>
  );
}
