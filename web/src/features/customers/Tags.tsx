import { Link } from 'react-router-dom';
import { useTagNames } from '../../api/queries';
import type { Identity, Tag } from '../../api/schema';
import { comma } from '../../lib/format';
import { categoryName, labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
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
  const categoriesOf = ({ categories = [] }: Valued) => categories.map((path) => categoryName(path, places, language));
  return (
    <Loaded query={useTagsOf(who)} rows={10}>
      {(items) => (
        <FoundTable<Valued> list="tags" rowsOnPage={50} rowKey="id" rows={items} words={(tag) => [tag.id, tag.name_zh, tag.name_en, String(said(tag.value)), ...categoriesOf(tag)]} find={t('findTag')} empty={t('noTags')} columns={[
          { key: 'tag', title: t('tag'), width: 260, ellipsis: true, sorter: (a, b) => labelOf(a, language).localeCompare(labelOf(b, language), 'zh-CN'), render: (_, tag) => <Link to={link(`/tags/${tag.id}`)}>{labelOf(tag, language)}</Link> },
          { title: t('value'), render: (_, { value }) => <span className="name">{said(value)}</span> },
          { title: t('category'), width: 260, ellipsis: true, render: (_, tag) => <span className="quiet">{categoriesOf(tag).join(comma(language))}</span> },
          { title: t('asOf'), dataIndex: 'of', width: 120, className: 'nowrap' },
        ]} />
      )}
    </Loaded>
  );
}
