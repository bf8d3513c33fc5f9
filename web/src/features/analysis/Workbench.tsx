import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { App, Alert, Button } from 'antd';
import { DownloadOutlined, LinkOutlined, PictureOutlined, PlayCircleOutlined, SaveOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useMay } from '../../api/queries';
import { useAddressText } from '../../lib/addressText';
import { download, type Cells } from '../../lib/csv';
import { bytes, short } from '../../lib/format';
import { namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { downloadPicture, type Picture } from '../../ui/picture';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts as uiTexts } from '../../ui/texts';
import { useSavedQuestions } from './queries';
import { SaveDrawer } from './SaveDrawer';
import { texts, type AnalysisKey } from './texts';
import type { AnyQuestion } from './core/question';
import type { useQuestion } from './useQuestion';

// Asking again helps only when it was not the question's fault.
const isOurs = (error: unknown) => !(error instanceof Problem) || error.status === 0 || error.status === 429 || error.status >= 500;

// The frame of all kinds of questions: the answer wide on the left, the question on the right.
export function Workbench<Q extends AnyQuestion, A>({ title, note, work, builder, table, picture, ask, children }: {
  title: AnalysisKey; note: AnalysisKey; work: ReturnType<typeof useQuestion<Q, A>>; builder: ReactNode; table: (answer: A, asked: Q) => Cells[]; picture?: (answer: A, asked: Q) => Picture;
  ask?: ReactNode; // shown while there is nothing to ask yet
  children: (answer: A, asked: Q) => ReactNode;
}) {
  const t = useTexts(texts);
  const ui = useTexts(uiTexts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { explain, fault, problem, changed, run, answer, asked } = work;
  const wrong = fault !== undefined || problem !== undefined || !work.ready;
  const [saving, setSaving] = useState(false);
  const [savedId] = useAddressText('saved');
  const saved = useSavedQuestions().data?.items.find(({ id }) => id === savedId);
  const maySave = useMay()('questions.change');
  const copy = () => void navigator.clipboard.writeText(window.location.href).then(() => message.success(t('linkCopied')));
  const save = () => answer.data && asked && download(`waypost-${asked.ask}`, table(answer.data, asked));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !wrong) run();
  };
  if (work.plan.data && !work.hasEvents) {
    return <><PageHeader title={t(title)} /><section className="panel"><Nothing what={t('noEvents')} next={<Button type="primary" onClick={() => void navigate(link('/data/sources'))}>{t('toSources')}</Button>} /></section></>;
  }
  return (
    <>
      <PageHeader title={saved ? namedIn(saved, language) : t(title)} note={t(note)} actions={(
        <>
          {maySave && <Button icon={<SaveOutlined />} disabled={!asked || !answer.isSuccess} onClick={() => setSaving(true)}>{t('save')}</Button>}
          {picture && <Button icon={<PictureOutlined />} disabled={!answer.data} onClick={() => answer.data && asked && void downloadPicture(saved ? namedIn(saved, language) : t(title), picture(answer.data, asked))}>{t('image')}</Button>}
          <Button icon={<DownloadOutlined />} disabled={!answer.data} onClick={save}>{t('csv')}</Button>
          <Button icon={<LinkOutlined />} onClick={copy}>{t('copyLink')}</Button>
        </>
      )} />
      <div className="grid" style={{ gridTemplateColumns: 'minmax(0, 1fr) 400px', alignItems: 'start' }}>
        <div className="stack" aria-live="polite" style={{ opacity: answer.isPlaceholderData ? 0.55 : 1 }}>
          {answer.data?.incomplete && <Alert type="warning" showIcon title={ui('incomplete')} />}
          {answer.isError ? <ProblemNote error={answer.error} onRetry={isOurs(answer.error) ? () => void answer.refetch() : undefined} />
            : !work.answered && ask ? ask : <Loaded query={answer} rows={14}>{(data) => asked && children(data, asked)}</Loaded>}
        </div>
        <section className="panel builder" onKeyDown={onKey} aria-label={t(title)}>
          {builder}
          {problem && <ProblemNote error={problem} />}
          <div className="bar">
            <Button type="primary" icon={<PlayCircleOutlined />} onClick={run} disabled={wrong} loading={answer.isFetching} title="Ctrl Enter">{t('run')}</Button>
            <span className="cost">{changed && !wrong && <div>{t('stale')}</div>}{explain && explain.rows > 0 && t('cost', { size: bytes(explain.bytes), rows: short(explain.rows, language) })}</span>
          </div>
        </section>
      </div>
      {saving && asked && <SaveDrawer question={asked} saved={saved} onClose={() => setSaving(false)} />}
    </>
  );
}
