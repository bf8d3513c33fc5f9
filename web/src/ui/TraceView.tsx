import { Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useNames } from '../api/names';
import type { Trace } from '../api/schema';
import { dateTime } from '../lib/format';
import { journeyName } from '../lib/label';
import { link } from '../lib/links';
import { useLanguage, useTexts } from '../lib/texts';
import { Nothing } from './Nothing';
import { texts } from './texts';

const kColours: Record<string, string | undefined> = { refused: 'gold', denied: 'gold', converted: 'green', message: 'blue', planned: 'blue' };

type Name = (name: string) => string;

// Each decision in plain words, newest first. With `journey`, only of that one.
export function TraceView({ lines, empty, journey, nodeName, outcomeName = (outcome) => outcome }: { lines: Trace['trace']; empty: string; journey?: string; nodeName?: Name; outcomeName?: Name }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const shown = lines.filter((line) => journey === undefined || line.journey === journey).reverse();
  const detailOf = ({ what, detail = '' }: Trace['trace'][number]) => {
    const version = /^version (\d+)$/.exec(detail)?.[1];
    if (version) return t('trace_version', { version });
    if (what === 'late_event') return names.event(detail);
    if (what !== 'passed') return detail;
    return detail === 'next' ? '' : outcomeName(detail);
  };
  if (shown.length === 0) return <Nothing what={empty} />;
  return (
    <ol className="trace">
      {shown.map((line, i) => (
        <li key={i}>
          <time className="quiet num nowrap" dateTime={line.time}>{dateTime(Date.parse(line.time), language)}</time>
          <Tag variant="filled" color={kColours[line.what]}>{t(`trace_${line.what}`)}</Tag>
          <span>
            {journey === undefined && <Link to={link(`/journeys/${line.journey}`, { node: line.node })}>{journeyName({ id: line.journey, name: line.journey_name, name_en: line.journey_name_en }, language)}</Link>} {line.node && (nodeName ? <span title={line.node}>{nodeName(line.node)}</span> : <span className="code quiet">{line.node}</span>)}
            {line.reason && <> · {language === 'zh' ? line.reason_zh : line.reason_en}</>}
            {detailOf(line) && <span className="quiet"> · {detailOf(line)}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
