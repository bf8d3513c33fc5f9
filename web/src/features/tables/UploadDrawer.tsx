import { useState } from 'react';
import { Alert, Button, Drawer, Progress as Bar, Select, Upload } from 'antd';
import { UploadOutlined } from '@ant-design/icons';
import type { Table } from '../../api/schema';
import { tableLabel } from '../../api/tables';
import { readCsv, separatorOf, type Csv } from '../../lib/csvRead';
import { bytes, exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { ProblemNote } from '../../ui/ProblemNote';
import { guess, lacks, type Plan } from './core/upload';
import { texts } from './texts';
import { useUpload, type Progress } from './useUpload';

const kMostBytes = 256 << 20;

function Outcome({ progress }: { progress: Progress }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { state, done, total, line, error } = progress;
  const count = exact(done, language);
  return (
    <div className="stack" role="status">
      <Bar percent={Math.floor((done / Math.max(1, total)) * 100)} status={state === 'failed' ? 'exception' : state === 'running' ? 'active' : 'normal'} />
      {state === 'running' && <p className="quiet">{t('progress', { done: count, total: exact(total, language) })}</p>}
      {state === 'done' && <Alert type="success" showIcon title={t('finished', { count })} />}
      {state === 'stopped' && <Alert type="warning" showIcon title={t('stopped', { count })} />}
      {state === 'failed' && line !== undefined && <p>{t('failedAt', { line: exact(line, language), count })}</p>}
      {state === 'failed' && <ProblemNote error={error} />}
    </div>
  );
}

// A CSV file into a table: columns are matched by their names, rows go chunk by chunk.
export function UploadDrawer({ table, onClose }: { table: Table; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [csv, setCsv] = useState<Csv>();
  const [plan, setPlan] = useState<Plan>({ from: {} });
  const [tooBig, setTooBig] = useState(false);
  const { progress, start, stop, reset } = useUpload(table);
  const read = async (file: File) => {
    setTooBig(file.size > kMostBytes);
    if (file.size > kMostBytes) return setCsv(undefined);
    const text = await file.text(), [headings = [], ...rows] = readCsv(text, separatorOf(text));
    setCsv({ name: file.name, headings, rows });
    setPlan(guess(table, headings));
  };
  const missing = csv ? lacks(table, plan) : [];
  const options = (csv?.headings ?? []).map((value) => ({ value, label: value }));
  const running = progress?.state === 'running';
  return (
    <Drawer open onClose={running ? undefined : onClose} closable={!running} size={560} title={t('uploadTitle', { name: tableLabel(table, language) })}>
      <div className="stack">
        {!progress && <div><Upload accept=".csv,.tsv,.txt" maxCount={1} showUploadList={false} beforeUpload={(file) => { void read(file); return false; }}><Button icon={<UploadOutlined />}>{t('chooseFile')}</Button></Upload><p className="quiet" style={{ marginTop: 6 }}>{t('fileHint')}</p></div>}
        {tooBig && <Alert type="warning" showIcon title={t('tooBig', { limit: bytes(kMostBytes) })} />}
        {csv && <p className="name">{t('read', { file: csv.name, rows: exact(csv.rows.length, language), columns: csv.headings.length })}</p>}
        {csv && !progress && (
          <>
            {plan.identity && (
              <section>
                <h2>{t('whose')}</h2>
                <div className="row" style={{ marginTop: 6 }}>
                  <KindSelect aria-label={t('identityKey')} width={160} value={plan.identity.key} onChange={(key) => setPlan({ ...plan, identity: { ...plan.identity!, key: key ?? '' } })} />
                  <Select aria-label={t('identityColumn')} placeholder={t('identityColumn')} style={{ flex: 1 }} value={plan.identity.heading || undefined} options={options} onChange={(heading: string) => setPlan({ ...plan, identity: { ...plan.identity!, heading } })} />
                </div>
              </section>
            )}
            <section>
              <h2>{t('mapping')}</h2>
              {table.columns.map((column) => (
                <div key={column.name} className="row" style={{ marginTop: 6, flexWrap: 'nowrap' }}>
                  <span className="grow">{tableLabel(column, language)} <span className="quiet code">{column.name}</span></span>
                  <Select aria-label={tableLabel(column, language)} allowClear placeholder={t('notUsed')} style={{ width: 240 }} value={plan.from[column.name]} options={options}
                    onChange={(heading?: string) => { const { [column.name]: _, ...rest } = plan.from; setPlan({ ...plan, from: heading ? { ...rest, [column.name]: heading } : rest }); }} />
                </div>
              ))}
            </section>
            {missing.map((name) => (name === 'identity' ? <p key={name} className="fault">{t('lacksIdentity')}</p> : null))}
            {missing.some((name) => name !== 'identity') && <p className="fault">{t('lacksKey', { names: missing.filter((name) => name !== 'identity').join(', ') })}</p>}
            <div className="bar"><Button type="primary" disabled={missing.length > 0 || csv.rows.length === 0} onClick={() => void start(csv.name, plan, csv.headings, csv.rows)}>{t('start')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
          </>
        )}
        {progress && <Outcome progress={progress} />}
        {running && <div><Button onClick={stop}>{t('stop')}</Button></div>}
        {progress && !running && <div className="bar"><Button type="primary" onClick={onClose}>{t('close')}</Button><Button onClick={() => { reset(); setCsv(undefined); }}>{t('again')}</Button></div>}
      </div>
    </Drawer>
  );
}
