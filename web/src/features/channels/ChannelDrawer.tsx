import { useMemo, useState } from 'react';
import { App, Button, Drawer, Form, Input, Select, Tag } from 'antd';
import { Problem } from '../../api/client';
import { useMay } from '../../api/queries';
import type { ChannelState } from '../../api/schema';
import { useSettled } from '../../lib/settled';
import { useTexts } from '../../lib/texts';
import { Code } from '../../ui/Code';
import { Loaded } from '../../ui/Loaded';
import { ProblemNote } from '../../ui/ProblemNote';
import { useChannel, useChannelCheck, usePutChannel, useRemoveChannel, useSetSecrets, useTryChannel } from './queries';
import { texts } from './texts';

export const kNew = '+new';

// The documents that come with the product, each in a file of its own.
const examples = import.meta.glob<string>('../../../../examples/channels/*.json', { query: '?raw', import: 'default' });
const exampleName = (file: string) => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

function parsed(text: string): { value?: Record<string, unknown>; what?: string } {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { value: value as Record<string, unknown> } : { what: '{…}' };
  } catch (error) {
    return { what: (error as Error).message };
  }
}

function Description({ state, onSaved }: { state: ChannelState | undefined; onSaved: (name: string) => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [text, setText] = useState(state ? JSON.stringify(state.description, null, 2) : '');
  const { value, what } = useMemo(() => parsed(text), [text]);
  const check = useChannelCheck(useSettled(value, 300));
  const put = usePutChannel();
  const mayChange = useMay()('server.change');
  const wrong = text === '' || value === undefined || check.isError;
  const save = () => value && put.mutate(value, { onSuccess: ({ name }) => { void message.success(t('saved', { name })); onSaved(name); } });
  const fill = (file: string) => void examples[file]?.().then(setText);
  return (
    <section className="stack" style={{ gap: 8 }}>
      <div className="bar"><h2>{t('description')}</h2>{!state && <Select className="push" aria-label={t('example')} placeholder={t('chooseExample')} style={{ width: 160 }} onChange={fill} options={Object.keys(examples).sort().map((file) => ({ value: file, label: exampleName(file) }))} />}</div>
      <Input.TextArea aria-label={t('description')} className="code" spellCheck={false} value={text} readOnly={!mayChange} onChange={(event) => setText(event.target.value)} rows={18} placeholder={t('descriptionHint')} />
      <div role="status" className={wrong ? 'fault' : 'quiet'}>{text === '' ? '' : what !== undefined ? t('notJson', { what }) : check.error instanceof Problem ? check.error.words.en : check.isSuccess ? t('right') : ''}</div>
      {put.isError && <ProblemNote error={put.error} />}
      {mayChange && <div className="bar"><Button type="primary" disabled={wrong} loading={put.isPending} onClick={save}>{t('save')}</Button></div>}
    </section>
  );
}

function Secrets({ state }: { state: ChannelState }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const set = useSetSecrets(state.name);
  const [form] = Form.useForm<Record<string, string>>();
  const names = (state.description.secrets as string[] | undefined) ?? [];
  const mayChange = useMay()('server.change');
  const save = (typed: Record<string, string | undefined>) => {
    const given = Object.fromEntries(Object.entries(typed).filter(([, text]) => text));
    set.mutate(given, { onSuccess: () => { void message.success(t('secretsKept')); form.resetFields(); } });
  };
  return (
    <section>
      <h2>{t('secrets')}</h2>
      {names.length === 0 ? <p className="quiet">{t('noSecrets')}</p> : (
        <Form form={form} layout="vertical" autoComplete="off" onFinish={save}>
          {names.map((name) => (
            <Form.Item key={name} name={name} label={<><span className="code">{name}</span>&nbsp;{state.secrets_set.includes(name) ? <Tag variant="filled" color="green">{t('secretsSet')}</Tag> : <Tag variant="filled" color="gold">{t('secretsMissing', { names: name })}</Tag>}</>} style={{ marginBottom: 12 }}>
              <Input.Password disabled={!mayChange} autoComplete="new-password" maxLength={4096} placeholder={t('secretHint')} />
            </Form.Item>
          ))}
          {set.isError && <ProblemNote error={set.error} />}
          {mayChange && <Button htmlType="submit" loading={set.isPending}>{t('setSecrets')}</Button>}
        </Form>
      )}
    </section>
  );
}

function Try({ name }: { name: string }) {
  const t = useTexts(texts);
  const tried = useTryChannel(name);
  return (
    <section>
      <h2>{t('try')}</h2>
      <p className="quiet">{t('trySent')}</p>
      <Form layout="vertical" onFinish={(message: { address: string; text: string }) => tried.mutate(message)}>
        <Form.Item name="address" label={t('address')} rules={[{ required: true, message: '' }]} style={{ marginBottom: 12 }}><Input placeholder={t('addressHint')} style={{ width: 240 }} /></Form.Item>
        <Form.Item name="text" label={t('text')} rules={[{ required: true, message: '' }]} style={{ marginBottom: 12 }}><Input.TextArea rows={2} maxLength={2000} /></Form.Item>
        {tried.isError && <ProblemNote error={tried.error} />}
        <div className="bar"><Button htmlType="submit" loading={tried.isPending}>{t('send')}</Button>{tried.data && <span role="status"><Tag variant="filled" color={tried.data.outcome === 'accepted' ? 'green' : tried.data.outcome === 'rejected' ? 'red' : 'gold'}>{t(`outcome_${tried.data.outcome}`)}</Tag><span className="quiet">{tried.data.why}</span></span>}</div>
      </Form>
    </section>
  );
}

function Remove({ name, onDone }: { name: string; onDone: () => void }) {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const remove = useRemoveChannel();
  const ask = () => void modal.confirm({
    title: t('removeTitle', { name }), content: t('removeBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(name).then(() => { void message.success(t('removed', { name })); onDone(); }),
  });
  return <Button danger onClick={ask}>{t('remove')}</Button>;
}

export function ChannelDrawer({ name, onClose, onSaved }: { name: string; onClose: () => void; onSaved: (name: string) => void }) {
  const t = useTexts(texts);
  const known = name !== kNew;
  const query = useChannel(name, known);
  const may = useMay();
  return (
    <Drawer open title={known ? name : t('newChannel')} size={680} onClose={onClose} extra={known && may('server.change') && <Remove name={name} onDone={onClose} />}>
      {!known ? <Description state={undefined} onSaved={onSaved} /> : (
        <Loaded query={query}>
          {(state) => (
            <div className="stack">
              <Description key={state.version} state={state} onSaved={onSaved} />
              <Secrets state={state} />
              <section><h2>{t('receipts')}</h2><Code text={window.location.origin + state.receipts_path} /><p className="quiet">{t('receiptsHint')}</p></section>
              {may('journeys.change') && <Try name={name} />}
            </div>
          )}
        </Loaded>
      )}
    </Drawer>
  );
}
