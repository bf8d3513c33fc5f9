import type { Tag } from '../../api/schema';
import { colon, dateTime, exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { texts } from './texts';

type Entry = NonNullable<Tag['entries']>[number];

function useDetail(): (entry: Entry) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  return ({ what, status, error, error_zh: inChinese, day, with_value: count, to, note, count: uses }) => {
    if (what === 'run') return status === 'failed' ? t('failed', { error: (language === 'zh' && inChinese) || error || '' }) : count === undefined ? (day ?? '') : t('runDetail', { day: day ?? '', count: exact(count, language) });
    if (what === 'usage') return t('usageDetail', { count: exact(uses ?? 0, language) });
    return [to && t(to), note].filter(Boolean).join(colon(language));
  };
}

export function History({ entries }: { entries: Entry[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const detailOf = useDetail();
  const whatOf = ({ what }: Entry) => t(what ? `what_${what}` : 'what_other');
  return (
    <FoundTable<Entry> list="history" rowKey="number" rows={entries} words={(entry) => [whatOf(entry), entry.by, detailOf(entry)]} find={t('findEntry')} empty={t('noEntries')}
      columns={[
        { title: t('time'), dataIndex: 'at', width: 190, className: 'nowrap', render: (at: string) => dateTime(Date.parse(at), language) },
        { title: t('what'), dataIndex: 'what', width: 110, render: (_, entry) => whatOf(entry) },
        { title: t('who'), dataIndex: 'by', width: 130, ellipsis: true },
        { title: t('detail'), render: (_, entry) => detailOf(entry) },
        { key: 'version', width: 100, render: (_, { version }) => version !== undefined && <span className="quiet">{t('ofVersion', { version })}</span> },
      ]} />
  );
}
