import { useState } from 'react';
import { Select } from 'antd';
import type { JourneyVersion } from '../../../api/schema';
import { dateTime, exact } from '../../../lib/format';
import { useLanguage, useTexts } from '../../../lib/texts';
import { Loaded } from '../../../ui/Loaded';
import { useVersion, useVersions } from '../queries';
import { texts } from '../texts';
import { ChangeList } from './ChangeList';
import { CountList } from './CountList';

function Numbers({ version }: { version: JourneyVersion }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const numbers = { entered: version.entered, movedIn: version.moved_in, active: version.active, movedOut: version.moved_out, messages: version.messages, goals: version.conversions, spend: version.spend, revenue: version.revenue } as const;
  return <dl className="figures">{Object.entries(numbers).map(([name, value]) => <div key={name}><dt>{t(name as keyof typeof numbers)}</dt><dd className="num">{exact(value, language)}</dd></div>)}</dl>;
}

// What each version did, and what one changes of another.
export function VersionsPanel({ id, names }: { id: string; names: (node: string) => string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const versions = useVersions(id);
  const [chosen, setChosen] = useState<number>();
  const [since, setSince] = useState<number>();
  const version = chosen ?? versions.data?.versions[0]?.version;
  const shown = useVersion(id, version, since);
  return (
    <Loaded query={versions} rows={6}>
      {({ versions: all }) => {
        const options = all.map((one) => ({ value: one.version, label: `${t('version', { version: one.version })} · ${one.published ? dateTime(Date.parse(one.published), language) : ''} · ${t('insideNow', { count: exact(one.active, language) })}` }));
        const current = all.find((one) => one.version === version);
        return (
          <div className="stack tight">
            <Select aria-label={t('versionShort')} value={version} options={options} onChange={(next) => { setChosen(next); setSince(undefined); }} />
            {current && <p className="quiet">{t(`policy_${current.in_flight}`)}</p>}
            {current && <Numbers version={current} />}
            {version !== undefined && version > 1 && (
              <>
                <h2>{t('changesSince')}</h2>
                <Select aria-label={t('changesSince')} value={since ?? version - 1} options={options.filter(({ value }) => value !== version)} onChange={setSince} />
                <Loaded query={shown} rows={3}>{({ changes }) => <ChangeList changes={changes ?? []} names={names} />}</Loaded>
              </>
            )}
            <CountList title={t('exits')} counts={current?.exits} />
          </div>
        );
      }}
    </Loaded>
  );
}
