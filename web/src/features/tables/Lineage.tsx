import { Link } from 'react-router-dom';
import { useNames } from '../../api/names';
import { useSegments, useTagNames } from '../../api/queries';
import type { Table } from '../../api/schema';
import { tableLabel } from '../../api/tables';
import { comma } from '../../lib/format';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { usersOf } from './core/declaration';
import { kCustomers } from './Owner';
import { texts } from './texts';

const names = (id: string, uses: { kind: string; id: string }[] | undefined) => !!uses?.some((one) => one.kind === 'table' && one.id === id);

function Links({ of }: { of: { to: string; label: string }[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (of.length === 0) return <span className="quiet">{t('none')}</span>;
  return <>{of.map(({ to, label }, i) => <span key={to}>{i > 0 && comma(language)}<Link to={to}>{label}</Link></span>)}</>;
}

// What the table refers to, and everything that asks about it.
export function Lineage({ table, all }: { table: Table; all: Table[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { property } = useNames();
  const id = table.id!;
  const tables = (ids: string[]) => [...new Set(ids)].map((one) => ({ to: link(`/data/tables/${one}`), label: tableLabel(all.find((other) => other.id === one) ?? { id: one }, language) }));
  const through = typeof table.belongs_to === 'object' ? [table.belongs_to.table] : [];
  const segments = (useSegments().data?.items ?? []).filter(({ uses }) => names(id, uses)), tags = (useTagNames().data?.items ?? []).filter(({ uses }) => names(id, uses));
  const attributes = (all.find((one) => one.id === kCustomers)?.columns ?? []).filter(({ refers }) => refers === id);
  return (
    <dl className="pairs">
      <dt>{t('uses')}</dt><dd><Links of={tables([...through, ...table.columns.flatMap(({ refers }) => refers ?? [])])} /></dd>
      <dt>{t('usedBy')}</dt><dd><Links of={tables(usersOf(id, all).filter((one) => one !== kCustomers))} /></dd>
      <dt>{t('attributes')}</dt><dd><Links of={attributes.map(({ name }) => ({ to: link('/data/plan', { tab: 'properties', find: name }), label: property(name) }))} /></dd>
      <dt>{t('segments')}</dt><dd><Links of={segments.map((one) => ({ to: link(`/segments/${one.id}`), label: labelOf(one, language) }))} /></dd>
      <dt>{t('tags')}</dt><dd><Links of={tags.map((one) => ({ to: link(`/tags/${one.id}`), label: labelOf(one, language) }))} /></dd>
    </dl>
  );
}
