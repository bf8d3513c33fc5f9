import { useDeferredValue } from 'react';
import { Button, Input, Table } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import type { FoundCustomers } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { customerLink, link } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { useKindName } from '../../ui/useKindName';
import { useFound } from './queries';
import { texts } from './texts';

type Found = FoundCustomers['items'][number];

// A customer by any identity or by name; the address holds what is sought.
export function SearchPanel() {
  const t = useTexts(texts);
  const kind = useKindName();
  const navigate = useNavigate();
  const [typed, setTyped] = useAddressText('find');
  const wanted = useDeferredValue(typed.trim());
  const found = useFound(wanted);
  const to = ({ known_by: { key, value } }: Found) => customerLink(`${key}:${value}`);
  const open = () => found.data?.items.length === 1 && void navigate(to(found.data.items[0]!));
  return (
    <section className="panel stack">
      <Input size="large" allowClear autoFocus prefix={<SearchOutlined />} placeholder={t('search')} aria-label={t('search')} value={typed} onChange={(event) => setTyped(event.target.value)} onPressEnter={open} />
      {wanted === '' ? <Nothing what={`${t('searchHint')} ${t('empty')}`} next={<Button onClick={() => void navigate(link('/analysis/funnel'))}>{t('toAnalysis')}</Button>} /> : (
        <Loaded query={found} rows={4}>
          {({ items }) => (
            <Table<Found> size="small" rowKey={to} dataSource={items} pagination={{ defaultPageSize: 20, hideOnSinglePage: true }} locale={{ emptyText: <Nothing what={t('nobody', { typed: wanted })} /> }} columns={[
              { title: t('name'), dataIndex: 'name', width: 200, sorter: (a, b) => (a.name ?? '').localeCompare(b.name ?? '', 'zh-CN'), render: (name: string | undefined, one) => <Link to={to(one)}>{name ?? one.known_by.value}</Link> },
              { title: t('knownBy'), render: (_, { known_by: { key, value } }) => <><span className="quiet">{kind(key)}</span> <span className="code">{value}</span></> },
              { title: t('matched'), render: (_, { matched: { key, value } }) => <><span className="quiet">{kind(key)}</span> <span className="code">{value}</span></> },
            ]} />
          )}
        </Loaded>
      )}
    </section>
  );
}
