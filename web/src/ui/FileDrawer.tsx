import { useState, type ReactNode } from 'react';
import { Alert, Button, Drawer, Progress as Bar, Upload } from 'antd';
import { UploadOutlined } from '@ant-design/icons';
import { readCsv, separatorOf, type Csv } from '../lib/csvRead';
import { textOf } from '../lib/fileText';
import { bytes, exact } from '../lib/format';
import { useLanguage, useTexts } from '../lib/texts';
import { ProblemNote } from './ProblemNote';
import { texts } from './texts';
import type { Progress } from './useChunks';

const kMostBytes = 256 << 20;

export type ReadFile = Csv & { text: string };

interface Props {
  title: string;
  hint: string;
  begin: string; // on the button that does it
  ready: boolean; // all is said that has to be
  progress: Progress | undefined;
  accepted?: number; // of the rows that were sent, when it is not all
  failed: (count: string) => string; // beside the error: what is in, and what to do
  aside?: ReactNode; // more of how it went
  onRead: (file: ReadFile) => void;
  onStart: (file: ReadFile) => void;
  onStop: () => void;
  onReset: () => void;
  onClose: () => void;
  children: (file: ReadFile) => ReactNode; // what its columns are
}

function Outcome({ progress: { state, done, total, error }, accepted = done, failed, aside }: { progress: Progress; accepted: number | undefined; failed: (count: string) => string; aside: ReactNode }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const count = exact(done, language);
  return (
    <div className="stack" role="status">
      <Bar percent={Math.floor((done / Math.max(1, total)) * 100)} status={state === 'failed' ? 'exception' : state === 'running' ? 'active' : 'normal'} />
      {state === 'running' && <p className="quiet">{t('fileProgress', { done: count, total: exact(total, language) })}</p>}
      {state === 'done' && <Alert type={accepted > 0 ? 'success' : 'error'} showIcon title={accepted === done ? t('fileDone', { count }) : t('fileSome', { count: exact(accepted, language), total: count })} />}
      {state === 'stopped' && <Alert type="warning" showIcon title={t('fileStopped', { count })} />}
      {state === 'failed' && <p>{failed(count)}</p>}
      {state === 'failed' && <ProblemNote error={error} />}
      {aside}
    </div>
  );
}

// A CSV file: chosen, read, its columns told apart, and sent with progress. It stays open while it is sent.
export function FileDrawer({ title, hint, begin, ready, progress, accepted, failed, aside, onRead, onStart, onStop, onReset, onClose, children }: Props) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [file, setFile] = useState<ReadFile>();
  const [tooBig, setTooBig] = useState(false);
  const read = async (chosen: File) => {
    setTooBig(chosen.size > kMostBytes);
    if (chosen.size > kMostBytes) return setFile(undefined);
    const text = await textOf(chosen), [headings = [], ...rows] = readCsv(text, separatorOf(text));
    const made = { name: chosen.name, headings, rows, text };
    onRead(made);
    setFile(made);
  };
  const running = progress?.state === 'running';
  return (
    <Drawer open onClose={running ? undefined : onClose} closable={!running} size={560} title={title}>
      <div className="stack">
        {!progress && <div><Upload accept=".csv,.tsv,.txt" maxCount={1} showUploadList={false} beforeUpload={(chosen) => { void read(chosen); return false; }}><Button icon={<UploadOutlined />}>{t('chooseFile')}</Button></Upload><p className="quiet" style={{ marginTop: 6 }}>{hint}</p></div>}
        {tooBig && <Alert type="warning" showIcon title={t('fileTooBig', { limit: bytes(kMostBytes) })} />}
        {file && <p className="name">{t('fileRead', { file: file.name, rows: exact(file.rows.length, language), columns: file.headings.length })}</p>}
        {file && !progress && (
          <>
            {children(file)}
            <div className="bar"><Button type="primary" disabled={!ready || file.rows.length === 0} onClick={() => onStart(file)}>{begin}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
          </>
        )}
        {progress && <Outcome progress={progress} accepted={accepted} failed={failed} aside={aside} />}
        {running && <div><Button onClick={onStop}>{t('fileStop')}</Button></div>}
        {progress && !running && <div className="bar"><Button type="primary" onClick={onClose}>{t('close')}</Button><Button onClick={() => { onReset(); setFile(undefined); }}>{t('fileAgain')}</Button></div>}
      </div>
    </Drawer>
  );
}
