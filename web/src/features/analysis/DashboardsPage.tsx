import { useState } from 'react';
import { Button, Drawer, Form, Input, Switch, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useMay } from '../../api/queries';
import type { Saved } from '../../api/schema';
import { ago } from '../../lib/format';
import { link } from '../../lib/links';
import { namedIn } from '../../lib/label';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { boardOf } from './core/board';
import { newId, useDashboards, usePutDashboard } from './queries';
import { texts } from './texts';

function NewBoard({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const put = usePutDashboard();
  const make = ({ name, name_en: en, shared }: { name: string; name_en: string; shared: boolean }) =>
    put.mutate({ id: newId('d'), change: { name: name.trim(), name_en: en.trim(), shared, body: { tiles: [] } } }, { onSuccess: ({ id }) => void navigate(link(`/analysis/dashboards/${id}`, { edit: '1' })) });
  return (
    <Drawer open title={t('newBoard')} size={420} onClose={onClose}>
      <Form layout="vertical" initialValues={{ name: '', name_en: '', shared: true }} onFinish={make}>
        <Form.Item name="name" label={t('savedName')} rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}><Input autoFocus maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('savedNameEn')} extra={t('savedNameEnHint')}><Input maxLength={60} /></Form.Item>
        <Form.Item name="shared" label={t('shared')} valuePropName="checked" extra={t('sharedHint')}><Switch /></Form.Item>
        {put.isError && <Form.Item><ProblemNote error={put.error} /></Form.Item>}
        <Button type="primary" htmlType="submit" loading={put.isPending}>{t('save')}</Button>
      </Form>
    </Drawer>
  );
}

export default function DashboardsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const [making, setMaking] = useState(false);
  const boards = useDashboards();
  const mayChange = useMay()('questions.change');
  const make = mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('newBoard')}</Button>;
  return (
    <>
      <PageHeader title={t('dashboards')} note={t('dashboardsNote')} actions={make} />
      <section className="panel flush">
        <Loaded query={boards} rows={8}>
          {({ items }) => (
            <FoundTable<Saved> rowKey="id" rows={items} words={({ name, name_en, owner }) => [name, name_en, owner]} find={t('findSaved')} empty={t('noBoards')} columns={[
                { key: 'savedName', title: t('savedName'), ellipsis: true, sorter: (a, b) => namedIn(a, language).localeCompare(namedIn(b, language), 'zh-CN'), render: (_, board) => <Link to={link(`/analysis/dashboards/${board.id}`)} className="name">{namedIn(board, language)}</Link> },
                { title: t('tiles'), width: 100, align: 'right', render: (_, board) => boardOf(board).tiles.length },
                { title: t('owner'), dataIndex: 'owner', width: 160, ellipsis: true, sorter: (a, b) => a.owner.localeCompare(b.owner) },
                { title: t('shared'), dataIndex: 'shared', width: 110, render: (shared: boolean) => (shared ? <Tag variant="filled" color="green">{t('isShared')}</Tag> : <Tag variant="filled">{t('isOwn')}</Tag>) },
                { title: t('changedAt'), dataIndex: 'changed', width: 160, className: 'nowrap', defaultSortOrder: 'descend', sorter: (a, b) => (a.changed ?? '').localeCompare(b.changed ?? ''), render: (time?: string) => time && ago(Date.parse(time), now, language) },
              ]} />
          )}
        </Loaded>
      </section>
      {making && <NewBoard onClose={() => setMaking(false)} />}
    </>
  );
}
