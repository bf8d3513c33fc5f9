import { Tag } from 'antd';
import { auditName } from '../../api/auditNames';
import { useAudit } from '../../api/queries';
import { ago } from '../../lib/format';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { Panel } from './Panel';
import { texts } from './texts';

const kRead = 200, kShown = 10;

// What was done lately, for those who watch over it.
export function Records() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const records = useAudit(kRead).data?.records ?? [];
  if (records.length === 0) return null;
  return (
    <Panel title={t('records')} to="/settings/audit">
      <table className="brief">
        <thead><tr><th>{t('deed')}</th><th>{t('person')}</th><th>{t('at')}</th></tr></thead>
        <tbody>
          {records.slice(0, kShown).map(({ seq, what, who, time, status = 200 }) => (
            <tr key={seq}><td title={what}>{auditName(what, language)} {status >= 400 && <Tag variant="filled" color="gold">{t('refused')}</Tag>}</td><td>{who}</td><td className="quiet">{ago(Date.parse(time), now, language)}</td></tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
