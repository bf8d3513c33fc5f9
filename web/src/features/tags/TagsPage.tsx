import { useDeferredValue, useState } from 'react';
import { Button, Input, Select } from 'antd';
import { HeartOutlined, PlusOutlined, SearchOutlined, SendOutlined, TranslationOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useMayWhole } from '../../api/queries';
import type { Tag } from '../../api/schema';
import { day } from '../../lib/format';
import { useAddressText, useFind } from '../../lib/addressText';
import { labelOf, namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { treeOf, type Branch } from './core/tree';
import { useTags } from './queries';
import { PlaceNames } from './PlaceNames';
import { StateTag } from './StateTag';
import { texts } from './texts';

const kStates = ['draft', 'submitted', 'certified', 'live', 'frozen', 'retired'] as const;

function Branches({ of, chosen, onChoose }: { of: Branch[]; chosen: string; onChoose: (path: string) => void }) {
  const language = useLanguage();
  return (
    <ul>
      {of.map((branch) => (
        <li key={branch.path}>
          <button type="button" aria-pressed={branch.path === chosen} onClick={() => onChoose(branch.path === chosen ? '' : branch.path)}><span>{namedIn(branch, language)}</span><span className="quiet">{branch.count}</span></button>
          {branch.below.length > 0 && <Branches of={branch.below} chosen={chosen} onChoose={onChoose} />}
        </li>
      ))}
    </ul>
  );
}

function TagTable({ items, filtered }: { items: Tag[]; filtered: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  return (
    <ListTable<Tag> rowKey="id" dataSource={items}
      rowClassName="opens" onRow={({ id }) => ({ onClick: () => void navigate(link(`/tags/${id}`)) })} locale={{ emptyText: <Nothing what={filtered ? t('noMatch') : t('empty')} /> }}
      columns={[
        { key: 'name', title: t('name'), width: 250, ellipsis: true, sorter: (a, b) => labelOf(a, language).localeCompare(labelOf(b, language), 'zh-CN'), render: (_, tag) => <Link to={link(`/tags/${tag.id}`)} onClick={(event) => event.stopPropagation()}><span className="name">{labelOf(tag, language)}</span> <span className="quiet code">{tag.id}</span></Link> },
        { title: t('meaning'), ellipsis: true, render: (_, { meaning_zh: zh, meaning_en: en }) => (language === 'zh' ? zh || en : en || zh) },
        { title: t('type'), dataIndex: 'type', width: 96, render: (type: Tag['type']) => type && t(`type_${type}`) },
        { title: t('state'), dataIndex: 'state', width: 96, render: (state: Tag['state']) => <StateTag state={state} /> },
        { title: t('owner'), dataIndex: 'owner', width: 140, ellipsis: true, sorter: (a, b) => (a.owner ?? '').localeCompare(b.owner ?? '', 'zh-CN') },
        { title: t('day'), dataIndex: 'last_day', width: 112, className: 'nowrap', sorter: (a, b) => (a.last_day ?? '').localeCompare(b.last_day ?? ''), render: (last?: string) => (last ? day(last, language) : <span className="quiet">{t('none')}</span>) },
      ]} />
  );
}

// The market: categories on the left, what is in them on the right.
export default function TagsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  const [find, setFind] = useFind();
  const [state, setState] = useAddressText('state');
  const [category, setCategory] = useAddressText('category');
  const [album, setAlbum] = useAddressText('album');
  const tags = useTags({ q: useDeferredValue(find), state, category, album });
  const { categories = [], albums = [] } = tags.data ?? {};
  const mayChange = useMayWhole('tags.change'), mayDeliver = useMayWhole('tags.view');
  const filtered = [find, state, category, album].some((text) => text !== '');
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={<>{mayDeliver && <Button icon={<SendOutlined />} onClick={() => void navigate(link('/tags/deliveries'))}>{t('deliveries')}</Button>}<Button icon={<HeartOutlined />} onClick={() => void navigate(link('/tags/quality'))}>{t('quality')}</Button>{mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(link('/tags/new'))}>{t('newTag')}</Button>}</>} />
      <div className="market">
        <nav className="panel categories" aria-label={t('categories')}>
          <button type="button" aria-pressed={category === ''} onClick={() => setCategory('')}><span>{t('all')}</span></button>
          <Branches of={treeOf(categories)} chosen={category} onChoose={setCategory} />
          {mayChange && categories.length + albums.length > 0 && <Button type="text" size="small" style={{ justifyContent: 'flex-start' }} icon={<TranslationOutlined />} onClick={() => setNaming(true)}>{t('placeNames')}</Button>}
          {naming && <PlaceNames categories={categories} albums={albums} onDone={() => setNaming(false)} />}
        </nav>
        <section className="panel flush">
          <div className="bar">
            <Input allowClear style={{ width: 320 }} prefix={<SearchOutlined />} placeholder={t('find')} aria-label={t('find')} value={find} onChange={(event) => setFind(event.target.value)} />
            <Select aria-label={t('state')} style={{ width: 132 }} value={state} onChange={setState} options={[{ value: '', label: t('anyState') }, ...kStates.map((value) => ({ value, label: t(value) }))]} />
            <Select aria-label={t('album')} style={{ width: 180 }} value={album} onChange={setAlbum} options={[{ value: '', label: t('anyAlbum') }, ...albums.map((one) => ({ value: one.name, label: `${namedIn(one, language)} ${one.count}` }))]} />
          </div>
          <Loaded query={tags} rows={12}>{({ items }) => <TagTable items={items} filtered={filtered} />}</Loaded>
        </section>
      </div>
    </>
  );
}
