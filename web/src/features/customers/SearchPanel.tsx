import { useDeferredValue } from 'react';
import { Input } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { labelOf } from '../../api/names';
import { useFound } from '../../api/queries';
import type { Attributes, FoundCustomers } from '../../api/schema';
import { useFind } from '../../lib/addressText';
import { customerLink } from '../../lib/links';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { useKindName } from '../../ui/useKindName';
import { texts } from './texts';
import { useSaid } from './useSaid';

type Found = FoundCustomers['items'][number];

const kAbout = ['city', 'branch', 'manager', 'assets'];

// What the found say of themselves: a column for each of these that somebody has.
function useAbout(items: Found[]) {
  const language = useLanguage();
  const said = useSaid();
  const of = (one: Found, name: string) => one.attributes?.find((attribute) => attribute.name === name);
  return kAbout.flatMap((name) => {
    const some: Attributes[number] | undefined = items.map((one) => of(one, name)).find((one) => one !== undefined);
    const right = some?.type === 'int' || some?.type === 'float' || some?.type === 'decimal';
    return some ? [{ title: labelOf(some, language), key: name, ellipsis: true, ...(right && { align: 'right' as const }), render: (_: unknown, one: Found) => said(of(one, name)?.value ?? '–') }] : [];
  });
}

function FoundTable({ items, wanted, to }: { items: Found[]; wanted: string; to: (one: Found) => string }) {
  const t = useTexts(texts);
  const kind = useKindName();
  const about = useAbout(items);
  const identity = ({ key, value }: Found['known_by']) => <><span className="quiet">{kind(key)}</span> <span className="code">{value}</span></>;
  return (
    <ListTable<Found> rowKey={to} dataSource={items} locale={{ emptyText: <Nothing what={wanted ? t('nobody', { typed: wanted }) : t('nobodyYet')} /> }} columns={[
      { title: t('name'), dataIndex: 'name', width: 160, sorter: (a, b) => (a.name ?? '').localeCompare(b.name ?? '', 'zh-CN'), render: (name: string | undefined, one) => <Link to={to(one)}>{name ?? one.known_by.value}</Link> },
      { title: t('knownBy'), width: 200, ellipsis: true, render: (_, one) => identity(one.known_by) },
      ...(wanted ? [{ title: t('matched'), width: 200, ellipsis: true, render: (_: unknown, one: Found) => identity(one.matched) }] : []),
      ...about,
    ]} />
  );
}

// A customer by any identity or by name, or the first that one sees; the address holds what is sought.
export function SearchPanel() {
  const t = useTexts(texts);
  const gap = useGap();
  const navigate = useNavigate();
  const [typed, setTyped] = useFind();
  const wanted = useDeferredValue(typed.trim());
  const found = useFound(wanted);
  const to = ({ known_by: { key, value } }: Found) => customerLink(`${key}:${value}`);
  const open = () => found.data?.items.length === 1 && void navigate(to(found.data.items[0]!));
  return (
    <section className="panel stack">
      <Input size="large" allowClear autoFocus prefix={<SearchOutlined />} placeholder={t('search')} aria-label={t('search')} value={typed} onChange={(event) => setTyped(event.target.value)} onPressEnter={open} />
      {!wanted && !!found.data?.items.length && <p className="quiet">{t('firstOfAll', { count: found.data.items.length })}{gap}{t('searchHint')}</p>}
      <Loaded query={found} rows={8}>{({ items }) => <FoundTable items={items} wanted={wanted} to={to} />}</Loaded>
    </section>
  );
}
