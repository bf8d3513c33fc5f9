import { Tag } from 'antd';
import { useNames } from '../../api/names';
import type { Item } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { Code } from '../../ui/Code';
import { texts } from './texts';

function Pairs({ pairs, empty }: { pairs: [string, string][]; empty: string }) {
  if (pairs.length === 0) return <p className="quiet">{empty}</p>;
  return <dl className="pairs">{pairs.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}</dl>;
}

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

export function ItemDetail({ item }: { item: Item }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const about: [string, string | undefined][] = [
    [t('time'), dateTime(item.time_ms, language)], [t('received'), item.ingest_ms === undefined ? undefined : dateTime(item.ingest_ms, language)],
    [t('source'), item.source], [t('library'), item.library], [t('messageId'), item.message_id], [t('reason'), item.reason], [t('detail'), item.detail],
  ];
  return (
    <div className="stack">
      <Pairs pairs={about.filter((pair): pair is [string, string] => pair[1] !== undefined)} empty="" />
      {'time_fixed' in item && <Tag color="gold">{t('timeFixed')}</Tag>}
      <div><h2>{t('who')}</h2><Pairs pairs={Object.entries(item.identities ?? {})} empty={t('noIdentity')} /></div>
      <div><h2>{t('properties')}</h2><Pairs pairs={Object.entries(item.properties ?? {}).map(([name, value]) => [names.property(name), written(value)])} empty={t('noProperties')} /></div>
      <Code text={JSON.stringify(item, null, 2)} />
    </div>
  );
}
