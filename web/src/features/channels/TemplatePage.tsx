import { useState } from 'react';
import { App, Button, Form, Input, Select, Switch, Tag } from 'antd';
import { useNavigate, useParams } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useMay, useSession } from '../../api/queries';
import type { Identity, Saved } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { namedIn } from '../../lib/label';
import { link, splitName } from '../../lib/links';
import { useSettled } from '../../lib/settled';
import { useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { Loaded } from '../../ui/Loaded';
import { OpenSelect } from '../../ui/OpenSelect';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { kUsualChannels, useChannelName } from '../../api/channelNames';
import { fillFrom, isOfCustomer, wanted, withTyped } from './core/names';
import { usePreview, usePutTemplate, useRemoveTemplate, useCustomerOf, useTemplate, useTextCheck, type Text } from './queries';
import { texts } from './texts';

const kCategories = ['marketing', 'service', 'transactional'] as const;

function textOf(body: Saved['body'] | undefined): Text {
  const said = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  return { text: said(body?.text, ''), channel: said(body?.channel, 'sms'), category: said(body?.category, 'marketing') };
}

// The text as one customer gets it; what the event would bring is typed.
function Preview({ text, names }: { text: string; names: string[] }) {
  const t = useTexts(texts);
  const [who, setWho] = useAddressText('who');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [key, value] = splitName(who);
  const customer = useCustomerOf(value ? { key, value } : undefined);
  const { values, missing } = fillFrom(names, customer.data?.attributes ?? []);
  const asked = missing.filter((name) => customer.data !== undefined || !isOfCustomer(name)); // whose are known by the customer who is chosen
  const filled = useSettled(withTyped(values, typed), 250);
  const preview = usePreview(text, filled, text !== '' && wanted(text, filled).length === 0);
  return (
    <section className="panel stack">
      <h2>{t('previewOf')}</h2>
      <Form<Identity> className="row" initialValues={{ key: key || 'login', value }} onFinish={(of) => setWho(`${of.key}:${of.value}`)}>
        <Form.Item name="key" style={{ margin: 0 }} rules={[{ required: true, message: '' }]}><KindSelect aria-label={t('identityKind')} width={110} /></Form.Item>
        <Form.Item name="value" style={{ margin: 0, flex: 1 }} rules={[{ required: true, message: '' }]}><Input aria-label={t('identity')} placeholder={t('identity')} spellCheck={false} /></Form.Item>
        <Button htmlType="submit" loading={customer.isFetching}>{t('look')}</Button>
      </Form>
      {customer.isError ? <p className="fault">{t('nobody')}</p> : !who && <p className="quiet">{t('chooseCustomer')}</p>}
      {asked.length > 0 && (
        <div>
          <p className="quiet">{t('fillIn')}</p>
          {asked.map((name) => <div key={name} className="row" style={{ marginTop: 6 }}><label className="code" htmlFor={`value ${name}`} style={{ width: 160 }}>{name}</label><Input id={`value ${name}`} style={{ flex: 1 }} value={typed[name] ?? ''} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} /></div>)}
        </div>
      )}
      {preview.isError ? <ProblemNote error={preview.error} /> : preview.data && text !== '' && (
        <div>
          <div className="bubble" role="status" aria-label={t('preview')}>{preview.data.text}</div>
          <p className="quiet">{t('chars', { count: [...preview.data.text].length, bytes: preview.data.bytes })}</p>
        </div>
      )}
    </section>
  );
}

function Editor({ saved }: { saved: Saved | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const channelName = useChannelName();
  const { message, modal } = App.useApp();
  const person = useSession().data?.person;
  const mayChange = useMay()('journeys.change');
  const [name, setName] = useState(saved?.name ?? ''), [english, setEnglish] = useState(saved?.name_en ?? '');
  const title = saved ? namedIn(saved, language) : '';
  const [shared, setShared] = useState(saved?.shared ?? true);
  const [text, setText] = useState(textOf(saved?.body));
  const put = usePutTemplate(), remove = useRemoveTemplate();
  const check = useTextCheck(useSettled(text.text === '' ? undefined : text, 300));
  const problem = check.error instanceof Problem ? check.error : undefined;
  const own = !saved || saved.owner === person;
  const readOnly = !own || !mayChange;
  const newId = () => `t-${crypto.randomUUID().slice(0, 8)}`;
  const keep = (id: string, called: string, version?: number) => put.mutate(
    { id, change: { name: called.trim(), name_en: version || !saved ? english.trim() : '', shared, body: { ...text }, ...(version ? { version } : {}) } },
    { onSuccess: (kept) => { void message.success(t('saved', { name: namedIn(kept, language) })); void navigate(link(`/templates/${kept.id}`), { replace: !saved }); } },
  );
  const ask = () => saved && void modal.confirm({
    title: t('deleteTitle', { name: title }), content: t('deleteBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(saved.id).then(() => navigate(link('/templates'))),
  });
  return (
    <>
      <PageHeader title={title || t('newTemplate')} note={own ? undefined : t('others', { owner: saved.owner })} actions={mayChange && (
        <>
          {saved && <Button onClick={() => keep(newId(), t('copyOf', { name: title }))}>{t('duplicate')}</Button>}
          {saved && own && <Button danger onClick={ask}>{t('remove')}</Button>}
          {own && <Button type="primary" disabled={name.trim() === '' || text.text === '' || problem !== undefined} loading={put.isPending} onClick={() => keep(saved?.id ?? newId(), name, saved?.version)}>{t('save')}</Button>}
        </>
      )} />
      <div className="grid halves">
        <section className="panel">
          <Form layout="vertical" disabled={readOnly}>
            <div className="row" style={{ alignItems: 'flex-start', gap: 16 }}>
              <Form.Item label={t('name')} htmlFor="template-name" required style={{ flex: 1 }}><Input id="template-name" value={name} maxLength={60} onChange={(event) => setName(event.target.value)} /></Form.Item>
              <Form.Item label={t('nameEn')} htmlFor="template-name-en" style={{ flex: 1 }}><Input id="template-name-en" value={english} maxLength={60} onChange={(event) => setEnglish(event.target.value)} /></Form.Item>
            </div>
            <div className="row" style={{ alignItems: 'flex-start', gap: 16 }}>
              <Form.Item label={t('channel')} htmlFor="template-channel"><OpenSelect id="template-channel" width={160} disabled={readOnly} value={text.channel} usual={kUsualChannels} nameOf={channelName} onChange={(channel) => setText({ ...text, channel: channel ?? '' })} /></Form.Item>
              <Form.Item label={t('category')} htmlFor="template-category"><Select id="template-category" style={{ width: 160 }} value={text.category} options={kCategories.map((value) => ({ value, label: t(`category_${value}`) }))} onChange={(category: string) => setText({ ...text, category })} /></Form.Item>
              <Form.Item label={t('shared')} htmlFor="template-shared" extra={t('sharedHint')}><Switch id="template-shared" checked={shared} onChange={setShared} /></Form.Item>
            </div>
            <Form.Item label={t('content')} htmlFor="template-text" required extra={t('contentRules')}>
              <Input.TextArea id="template-text" value={text.text} placeholder={t('contentHint')} rows={8} disabled={false} readOnly={readOnly} aria-invalid={problem !== undefined} onChange={(event) => setText({ ...text, text: event.target.value })} />
            </Form.Item>
          </Form>
          <div role="status">
            {problem && text.text !== '' && <p className="fault">{problem.told(language)}</p>}
            {check.isSuccess && text.text !== '' && <p className="quiet">{check.data.names.length > 0 ? <>{t('names')} {check.data.names.map((of) => <Tag key={of} variant="filled" className="code">{of}</Tag>)}</> : t('noNames')}</p>}
          </div>
          {put.isError && <ProblemNote error={put.error} />}
        </section>
        <Preview text={problem ? '' : text.text} names={check.data?.names ?? []} />
      </div>
    </>
  );
}

export default function TemplatePage() {
  const { id } = useParams();
  const template = useTemplate(id);
  if (id === undefined) return <Editor key="new" saved={undefined} />;
  return <Loaded page query={template} rows={12}>{(saved) => <Editor key={`${saved.id} ${saved.version}`} saved={saved} />}</Loaded>;
}
