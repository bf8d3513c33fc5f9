import { Alert } from 'antd';
import type { JourneyState } from '../../../api/schema';
import { dateTime } from '../../../lib/format';
import { useLanguage, useTexts } from '../../../lib/texts';
import { texts } from '../texts';

// What somebody has to look after, the last first.
export function Alarms({ alarms, nodeName }: { alarms: NonNullable<JourneyState['alarms']>; nodeName: (id: string) => string }) {
  const t = useTexts(texts), language = useLanguage();
  const said = ({ what, node, detail, count, last }: (typeof alarms)[number]) => {
    const word = t(`alarm_${what}`, { detail: detail ?? '' });
    return t('alarmAt', { what: node === undefined ? word : t('alarmOf', { node: nodeName(node), what: word }), count, last: dateTime(Date.parse(last), language) });
  };
  const sorted = [...alarms].sort((a, b) => b.last.localeCompare(a.last));
  return <Alert className="alarms" type="warning" showIcon title={t('alarms')} description={<ul>{sorted.map((one) => <li key={`${one.what} ${one.node ?? ''}`}>{said(one)}</li>)}</ul>} />;
}
