import { useState } from 'react';
import { Alert, Input, Select } from 'antd';
import { Link } from 'react-router-dom';
import { useProjects } from '../../api/queries';
import { comma, exact } from '../../lib/format';
import { currentProject, link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FileDrawer, type ReadFile } from '../../ui/FileDrawer';
import { KindSelect } from '../../ui/KindSelect';
import { guess, isReady, type Plan } from './core/importing';
import { texts } from './texts';
import { useImport } from './useImport';

// Events out of a CSV file, into a source of the project.
export function ImportDrawer({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const projects = useProjects().data?.projects ?? [];
  const sources = (projects.find(({ name }) => name === currentProject()) ?? projects[0])?.sources ?? [];
  const [source, setSource] = useState<string>();
  const [plan, setPlan] = useState<Plan>(guess([]));
  const { progress, accepted, quarantined, start, stop, reset } = useImport(source);
  const row = (label: string, field: React.ReactNode) => <div className="row" style={{ marginTop: 6, flexWrap: 'nowrap' }}><span style={{ width: 96 }}>{label}</span>{field}</div>;
  const columns = ({ headings }: ReadFile) => {
    const options = headings.map((value) => ({ value, label: value }));
    const others = headings.filter((heading) => heading.trim() !== '' && ![plan.eventFrom, plan.time, plan.identity.heading].includes(heading));
    return (
      <>
        <section>
          {sources.length > 1 && row(t('source'), <Select aria-label={t('source')} style={{ flex: 1 }} value={source ?? sources[0]} options={sources.map((value) => ({ value, label: value }))} onChange={setSource} />)}
          {row(t('importEvent'), <><Select aria-label={t('importEventFrom')} allowClear placeholder={t('importEventFrom')} style={{ flex: 1 }} value={plan.eventFrom} options={options} onChange={(eventFrom?: string) => setPlan({ ...plan, eventFrom })} />{plan.eventFrom === undefined && <Input aria-label={t('importEventName')} placeholder={t('importEventName')} style={{ flex: 1 }} maxLength={128} value={plan.event} onChange={(change) => setPlan({ ...plan, event: change.target.value })} />}</>)}
          {row(t('importWho'), <><KindSelect aria-label={t('importKind')} width={150} value={plan.identity.key} onChange={(key) => setPlan({ ...plan, identity: { ...plan.identity, key: key ?? '' } })} /><Select aria-label={t('importWhoFrom')} placeholder={t('importWhoFrom')} style={{ flex: 1 }} value={plan.identity.heading || undefined} options={options} onChange={(heading: string) => setPlan({ ...plan, identity: { ...plan.identity, heading } })} /></>)}
          {row(t('importTime'), <Select aria-label={t('importTimeFrom')} allowClear placeholder={t('importNow')} style={{ flex: 1 }} value={plan.time} options={options} onChange={(time?: string) => setPlan({ ...plan, time })} />)}
        </section>
        {others.length > 0 && <p className="quiet">{t('importProperties', { names: others.join(comma(language)) })}</p>}
      </>
    );
  };
  return (
    <FileDrawer title={t('importTitle')} hint={t('importHint')} begin={t('importStart')} ready={isReady(plan)} progress={progress} accepted={progress?.state === 'done' ? accepted : undefined} failed={(count) => t('importFailed', { count })}
      aside={quarantined > 0 && <Alert type="warning" showIcon title={t('importQuarantined', { count: exact(quarantined, language) })} action={<Link to={link('/data/quarantine')}>{t('quarantine')}</Link>} />}
      onRead={({ headings }) => setPlan(guess(headings))} onStart={(file) => void start(plan, file, file.text)} onStop={stop} onReset={reset} onClose={onClose}>
      {columns}
    </FileDrawer>
  );
}
