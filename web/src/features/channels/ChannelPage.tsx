import { useState } from 'react';
import { App, Button, Form, Input, Segmented, Select, Tag } from 'antd';
import { useNavigate, useParams } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useMay } from '../../api/queries';
import type { ChannelState } from '../../api/schema';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useSettled } from '../../lib/settled';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { Code } from '../../ui/Code';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { ChannelForm } from './ChannelForm';
import { descriptionOf, emptyForm, formOf, typedSecrets } from './core/description';
import { Fault } from './Fault';
import { useChannel, useChannelCheck, usePutChannel, useRemoveChannel, useTryChannel } from './queries';
import { texts } from './texts';

// The documents that come with the product, each in a file of its own.
const examples = import.meta.glob<Record<string, unknown>>('../../../../examples/channels/*.json', { import: 'default' });
const exampleName = (file: string) => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

function parsed(text: string): { value?: Record<string, unknown>; what?: string } {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { value: value as Record<string, unknown> } : { what: '{…}' };
  } catch (error) {
    return { what: (error as Error).message };
  }
}

function Try({ name, stale }: { name: string; stale: boolean }) {
  const t = useTexts(texts);
  const gap = useGap();
  const tried = useTryChannel(name);
  return (
    <section className="panel" aria-label={t('try')}>
      <h2>{t('try')}</h2>
      <p className="quiet" style={{ marginBottom: 12 }}>{t('trySent')}{stale && <>{gap}<b>{t('tryStale')}</b></>}</p>
      <Form layout="vertical" onFinish={(message: { address: string; text: string }) => tried.mutate(message)}>
        <Form.Item name="address" label={t('address')} rules={[{ required: true, message: '' }]} style={{ marginBottom: 12 }}><Input placeholder={t('addressHint')} /></Form.Item>
        <Form.Item name="text" label={t('text')} rules={[{ required: true, message: '' }]} style={{ marginBottom: 12 }}><Input.TextArea rows={2} maxLength={2000} /></Form.Item>
        {tried.isError && <ProblemNote error={tried.error} />}
        <div className="bar"><Button htmlType="submit" loading={tried.isPending}>{t('send')}</Button>{tried.data && <span role="status"><Tag variant="filled" color={tried.data.outcome === 'accepted' ? 'green' : tried.data.outcome === 'rejected' ? 'red' : 'gold'}>{t(`outcome_${tried.data.outcome}`)}</Tag><span className="quiet">{tried.data.why}</span></span>}</div>
        {tried.data && <p className="quiet" style={{ marginTop: 8 }}>{t(`tried_${tried.data.outcome}`)}</p>}
      </Form>
    </section>
  );
}

function Remove({ name }: { name: string }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const remove = useRemoveChannel();
  const ask = () => void modal.confirm({
    title: t('removeTitle', { name }), content: t('removeBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(name).then(() => { void message.success(t('removed', { name })); void navigate(link('/channels')); }),
  });
  return <Button danger onClick={ask}>{t('remove')}</Button>;
}

function Editor({ state }: { state: ChannelState | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const may = useMay();
  const mayChange = may('server.change');
  const [form, setForm] = useState(state ? formOf(state.description) : emptyForm);
  const [text, setText] = useState<string>(); // while it is the document that is edited
  const [touched, setTouched] = useState(state === undefined);
  const { value, what } = text === undefined ? { value: descriptionOf(form), what: undefined } : parsed(text);
  const begun = state !== undefined || text !== undefined || form.name !== '';
  const check = useChannelCheck(useSettled(begun ? value : undefined, 300));
  const put = usePutChannel();
  const wrong = !begun || value === undefined || check.isError;
  const edit = <Of,>(keep: (of: Of) => void) => (of: Of) => { keep(of); setTouched(true); put.reset(); };
  const fill = (file: string) => void examples[file]?.().then((example) => { setForm(formOf(example)); setText(undefined); setTouched(true); });
  const turn = (to: 'form' | 'document') => {
    if (to === 'document') setText(JSON.stringify(value, null, 2));
    else if (value) { setForm({ ...formOf(value), secrets: formOf(value).secrets.map((one) => form.secrets.find(({ name }) => name === one.name) ?? one) }); setText(undefined); }
  };
  const save = () => value && put.mutate({ description: value, secrets: typedSecrets(form) }, { onSuccess: ({ name }) => {
    void message.success(t('saved', { name }));
    setTouched(false);
    setForm((kept) => ({ ...kept, secrets: kept.secrets.map((one) => ({ ...one, value: '' })) }));
    if (!state) void navigate(link(`/channels/${name}`), { replace: true });
  } });
  const title = state ? labelOf({ id: state.name, name_zh: form.zh, name_en: form.en }, language) : t('newChannel');
  return (
    <>
      <PageHeader title={title} note={state ? <><span className="code">{state.name}</span> · v{state.version}</> : t('newChannelNote')} actions={
        <>
          {!state && <Select aria-label={t('example')} placeholder={t('chooseExample')} style={{ width: 180 }} onChange={fill} options={Object.keys(examples).sort().map((file) => ({ value: file, label: t(`example_${exampleName(file)}` as 'example_sms') }))} />}
          <Segmented size="small" disabled={text !== undefined && wrong} value={text === undefined ? 'form' : 'document'} options={[{ value: 'form', label: t('asForm') }, { value: 'document', label: t('asDocument') }]} onChange={turn} />
          {state && mayChange && <Remove name={state.name} />}
          {mayChange && <Button type="primary" disabled={wrong || !touched} loading={put.isPending} onClick={save}>{t('save')}</Button>}
        </>
      } />
      <div className="stack">
        <div role="status" className={wrong && begun ? 'fault' : 'quiet'} style={{ minHeight: 18 }}>{!begun ? t('beginHint') : what !== undefined ? t('notJson', { what }) : check.error instanceof Problem ? <Fault problem={check.error} /> : check.isSuccess ? t('right') : ''}</div>
        {put.isError && <ProblemNote error={put.error} />}
        <div className="grid halves">
          {text === undefined ? <ChannelForm form={form} known={state !== undefined} kept={state?.secrets_set ?? []} disabled={!mayChange} onChange={edit(setForm)} /> : (
            <section className="panel"><Input.TextArea aria-label={t('description')} className="code" spellCheck={false} value={text} readOnly={!mayChange} onChange={(event) => edit(setText)(event.target.value)} rows={26} placeholder={t('descriptionHint')} /></section>
          )}
          <div className="stack" style={{ position: 'sticky', top: 0 }}>
            {state && may('journeys.change') && (form.kind === 'tasks' ? <section className="panel" aria-label={t('try')}><h2>{t('try')}</h2><p className="quiet">{t('tryTasks')}</p></section> : <Try name={state.name} stale={touched} />)}
            {state && form.kind === 'http' && <section className="panel"><h2>{t('receipts')}</h2><Code text={window.location.origin + state.receipts_path} /><p className="quiet">{t('receiptsHint')}</p></section>}
            {!state && <section className="panel"><h2>{t('afterwards')}</h2><p className="quiet">{t('afterwardsNote')}</p></section>}
          </div>
        </div>
      </div>
    </>
  );
}

export default function ChannelPage() {
  const { name } = useParams();
  const query = useChannel(name ?? '', name !== undefined);
  if (name === undefined) return <Editor state={undefined} />;
  if (query.isError) return <><PageHeader title={name} /><ProblemNote error={query.error} onRetry={() => void query.refetch()} /></>;
  return <Loaded page query={query} rows={10}>{(state) => <Editor key={`${state.name} ${state.version}`} state={state} />}</Loaded>;
}
