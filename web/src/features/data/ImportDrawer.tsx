import { useState } from 'react';
import { Alert, Button, Drawer, Input, Progress as Bar, Select, Upload } from 'antd';
import { UploadOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import { readCsv, separatorOf, type Csv } from '../../lib/csvRead';
import { bytes, exact } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { ProblemNote } from '../../ui/ProblemNote';
import { guess, isReady, type Plan } from './core/importing';
import { texts } from './texts';
import { useImport, type Progress } from './useImport';

const kMostBytes = 256 << 20;

function Outcome({ progress }: { progress: Progress }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { state, done, total, quarantined, error } = progress;
  const count = exact(done, language);
  return (
    <div className="stack" role="status">
      <Bar percent={Math.floor((done / Math.max(1, total)) * 100)} status={state === 'failed' ? 'exception' : state === 'running' ? 'active' : 'normal'} />
      {state === 'running' && <p className="quiet">{t('importProgress', { done: count, total: exact(total, language) })}</p>}
      {state === 'done' && <Alert type="success" showIcon title={t('importDone', { count })} />}
      {state === 'stopped' && <Alert type="warning" showIcon title={t('importStopped', { count })} />}
      {state === 'failed' && <p>{t('importFailed', { count })}</p>}
      {state === 'failed' && <ProblemNote error={error} />}
      {quarantined > 0 && <Alert type="warning" showIcon title={t('importQuarantined', { count: exact(quarantined, language) })} action={<Link to={link('/data/quarantine')}>{t('quarantine')}</Link>} />}
    </div>
  );
}

// Events out of a CSV file, sent with the key of a source.
export function ImportDrawer({ source, writeKey, onClose }: { source: string; writeKey: string; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [csv, setCsv] = useState<Csv & { text: string }>();
  const [plan, setPlan] = useState<Plan>(guess([]));
  const [tooBig, setTooBig] = useState(false);
  const { progress, start, stop, reset } = useImport(writeKey);
  const read = async (file: File) => {
    setTooBig(file.size > kMostBytes);
    if (file.size > kMostBytes) return setCsv(undefined);
    const text = await file.text(), [headings = [], ...rows] = readCsv(text, separatorOf(text));
    setCsv({ name: file.name, headings, rows, text });
    setPlan(guess(headings));
  };
  const options = (csv?.headings ?? []).map((value) => ({ value, label: value }));
  const running = progress?.state === 'running';
  const others = csv ? csv.headings.filter((heading) => heading.trim() !== '' && ![plan.eventFrom, plan.time, plan.identity.heading].includes(heading)) : [];
  const row = (label: string, field: React.ReactNode) => <div className="row" style={{ marginTop: 6, flexWrap: 'nowrap' }}><span style={{ width: 96 }}>{label}</span>{field}</div>;
  return (
    <Drawer open onClose={running ? undefined : onClose} closable={!running} size={560} title={t('importTitle', { name: source })}>
      <div className="stack">
        {!progress && <div><Upload accept=".csv,.tsv,.txt" maxCount={1} showUploadList={false} beforeUpload={(file) => { void read(file); return false; }}><Button icon={<UploadOutlined />}>{t('chooseFile')}</Button></Upload><p className="quiet" style={{ marginTop: 6 }}>{t('importHint')}</p></div>}
        {tooBig && <Alert type="warning" showIcon title={t('tooBig', { limit: bytes(kMostBytes) })} />}
        {csv && <p className="name">{t('importRead', { file: csv.name, rows: exact(csv.rows.length, language), columns: csv.headings.length })}</p>}
        {csv && !progress && (
          <>
            <section>
              {row(t('importEvent'), <><Select aria-label={t('importEventFrom')} allowClear placeholder={t('importEventFrom')} style={{ flex: 1 }} value={plan.eventFrom} options={options} onChange={(eventFrom?: string) => setPlan({ ...plan, eventFrom })} />{plan.eventFrom === undefined && <Input aria-label={t('importEventName')} placeholder={t('importEventName')} style={{ flex: 1 }} maxLength={128} value={plan.event} onChange={(change) => setPlan({ ...plan, event: change.target.value })} />}</>)}
              {row(t('importWho'), <><KindSelect aria-label={t('importKind')} width={150} value={plan.identity.key} onChange={(key) => setPlan({ ...plan, identity: { ...plan.identity, key: key ?? '' } })} /><Select aria-label={t('importWhoFrom')} placeholder={t('importWhoFrom')} style={{ flex: 1 }} value={plan.identity.heading || undefined} options={options} onChange={(heading: string) => setPlan({ ...plan, identity: { ...plan.identity, heading } })} /></>)}
              {row(t('importTime'), <Select aria-label={t('importTimeFrom')} allowClear placeholder={t('importNow')} style={{ flex: 1 }} value={plan.time} options={options} onChange={(time?: string) => setPlan({ ...plan, time })} />)}
            </section>
            {others.length > 0 && <p className="quiet">{t('importProperties', { names: others.join(language === 'zh' ? '、' : ', ') })}</p>}
            <div className="bar"><Button type="primary" disabled={!isReady(plan) || csv.rows.length === 0} onClick={() => void start(plan, csv, csv.text)}>{t('importStart')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
          </>
        )}
        {progress && <Outcome progress={progress} />}
        {running && <div><Button onClick={stop}>{t('importStop')}</Button></div>}
        {progress && !running && <div className="bar"><Button type="primary" onClick={onClose}>{t('close')}</Button><Button onClick={() => { reset(); setCsv(undefined); }}>{t('importAgain')}</Button></div>}
      </div>
    </Drawer>
  );
}
