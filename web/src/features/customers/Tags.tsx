import { Table } from 'antd';
import { Link } from 'react-router-dom';
import { useTagNames } from '../../api/queries';
import type { Identity, Tag } from '../../api/schema';
import { categoryName, labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { useTagsOf } from './queries';
import { texts } from './texts';
import { useSaid } from './useSaid';

type Valued = Tag & { value: unknown; of?: string };

// What tags say of the customer; those that say nothing are left out.
export function Tags({ who }: { who: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const said = useSaid();
  const places = useTagNames().data?.categories ?? [];
  return (
    <Loaded query={useTagsOf(who)} rows={10}>
      {(items) => (
        <Table<Valued> size="small" rowKey="id" dataSource={items} pagination={{ defaultPageSize: 50, hideOnSinglePage: true }} locale={{ emptyText: <Nothing what={t('noTags')} /> }} columns={[
          { title: t('tag'), width: 260, ellipsis: true, sorter: (a, b) => labelOf(a, language).localeCompare(labelOf(b, language), 'zh-CN'), render: (_, tag) => <Link to={link(`/tags/${tag.id}`)}>{labelOf(tag, language)}</Link> },
          { title: t('value'), render: (_, { value }) => <span className="name">{said(value)}</span> },
          { title: t('category'), width: 260, ellipsis: true, render: (_, { categories = [] }) => <span className="quiet">{categories.map((path) => categoryName(path, places, language)).join(language === 'zh' ? '、' : ', ')}</span> },
          { title: t('asOf'), dataIndex: 'of', width: 120, className: 'nowrap' },
        ]} />
      )}
    </Loaded>
  );
}
