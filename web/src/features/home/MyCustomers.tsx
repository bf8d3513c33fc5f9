import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { call } from '../../api/client';
import { labelOf } from '../../api/names';
import { key, useFound } from '../../api/queries';
import type { Identity } from '../../api/schema';
import { ago } from '../../lib/format';
import { customerLink } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { useKindName } from '../../ui/useKindName';
import { Panel } from './Panel';
import { useServes } from './serves';
import { texts } from './texts';

const kShown = 10;

export function MyCustomers() {
  return useServes() ? <Customers /> : null;
}

// The last thing a customer did.
function Latest({ of }: { of: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(60_000);
  const { data } = useQuery({ queryKey: key('latest', of), queryFn: () => call('showTimeline', { at: { key: of.key, value: of.value }, query: { limit: 1 }, background: true }), staleTime: 60_000 });
  if (!data) return <>&nbsp;</>;
  const [last] = data.events;
  return <>{last ? `${labelOf({ name: last.event, zh: last.zh, en: last.en }, language)} · ${ago(Date.parse(last.time), now, language)}` : t('didNothing')}</>;
}

function Customers() {
  const t = useTexts(texts);
  const kind = useKindName();
  const found = useFound('').data?.items ?? [];
  if (found.length === 0) return null;
  return (
    <Panel title={t('myCustomers')} to="/customers">
      <ul className="steps">
        {found.slice(0, kShown).map(({ known_by: of, name }) => (
          <li key={`${of.key} ${of.value}`}><span className="grow"><Link to={customerLink(`${of.key}:${of.value}`)}>{name ?? of.value}</Link><div className="quiet"><Latest of={of} /></div></span><span className="quiet">{kind(of.key)} <span className="code">{of.value}</span></span></li>
        ))}
      </ul>
    </Panel>
  );
}
