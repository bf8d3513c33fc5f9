import { Button, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useMay, useTemplates } from '../../api/queries';
import type { Saved } from '../../api/schema';
import { ago } from '../../lib/format';
import { namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { useChannelName } from '../../api/channelNames';
import { texts } from './texts';

const said = (value: unknown) => (typeof value === 'string' ? value : '');

export default function TemplatesPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const navigate = useNavigate();
  const templates = useTemplates();
  const channelName = useChannelName();
  const mayChange = useMay()('journeys.change');
  const make = mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(link('/templates/new'))}>{t('newTemplate')}</Button>;
  return (
    <>
      <PageHeader title={t('templates')} note={t('templatesNote')} actions={make} />
      <section className="panel flush">
        <Loaded query={templates} rows={8}>
          {({ items }) => (
            <FoundTable<Saved> rowKey="id" rows={items} words={({ name, name_en, owner, body }) => [name, name_en, owner, said(body.channel), channelName(said(body.channel))]} find={t('find')} empty={t('noTemplates')} next={make} columns={[
                { key: 'name', title: t('name'), width: 220, ellipsis: true, sorter: (a, b) => namedIn(a, language).localeCompare(namedIn(b, language), 'zh-CN'), render: (_, one) => <Link to={link(`/templates/${one.id}`)} className="name">{namedIn(one, language)}</Link> },
                { title: t('content'), ellipsis: true, render: (_, { body }) => <span className="quiet">{said(body.text)}</span> },
                { title: t('channel'), width: 100, render: (_, { body }) => channelName(said(body.channel)) },
                { title: t('owner'), dataIndex: 'owner', width: 130, ellipsis: true },
                { title: t('shared'), dataIndex: 'shared', width: 100, render: (shared: boolean) => <Tag variant="filled" color={shared ? 'green' : undefined}>{t(shared ? 'isShared' : 'isOwn')}</Tag> },
                { title: t('changedAt'), dataIndex: 'changed', width: 150, className: 'nowrap', defaultSortOrder: 'descend', sorter: (a, b) => (a.changed ?? '').localeCompare(b.changed ?? ''), render: (time?: string) => time && ago(Date.parse(time), now, language) },
              ]} />
          )}
        </Loaded>
      </section>
    </>
  );
}
