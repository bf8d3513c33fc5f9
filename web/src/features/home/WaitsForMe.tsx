import { Link } from 'react-router-dom';
import { useApprovals, waitsFor } from '../../api/approvals';
import { useJourneyName } from '../../api/journeyNames';
import { useMayWhole, useSession } from '../../api/queries';
import { ago } from '../../lib/format';
import { link } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { Panel } from './Panel';
import { texts } from './texts';

const kShown = 5;

// What nobody but the person can decide; nothing when there is none. Approvals are for who sees everyone.
export function WaitsForMe() {
  return useMayWhole('journeys.view') ? <Requests /> : null;
}

function Requests() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const journeyName = useJourneyName();
  const person = useSession().data?.person ?? '';
  const waiting = (useApprovals().data?.requests ?? []).filter((one) => waitsFor(one, person));
  if (waiting.length === 0) return null;
  return (
    <Panel title={t('waiting', { count: waiting.length })} to="/approvals">
      <ul className="steps">
        {waiting.slice(0, kShown).map(({ subject, asker, asked_ms: at }) => (
          <li key={subject}><span className="grow"><Link to={link('/approvals', { open: subject })}>{subject.startsWith('journey/') ? journeyName(subject.slice(8)) : t('policy')}</Link><div className="quiet">{asker} · {ago(at, now, language)}</div></span></li>
        ))}
      </ul>
    </Panel>
  );
}
