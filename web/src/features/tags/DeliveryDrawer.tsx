import { useState } from 'react';
import { App, Button, Drawer, Form, Input, Radio, Select } from 'antd';
import { Link } from 'react-router-dom';
import { useChannels, useJourneys, useMay, useProjects } from '../../api/queries';
import type { DecisionKind, DeliveredFile, Delivery, DeliveryPushes } from '../../api/schema';
import { bytes, dateTime, exact } from '../../lib/format';
import { journeyName, labelOf } from '../../lib/label';
import { currentProject, link } from '../../lib/links';
import { idOf } from '../../lib/match';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { ListTable } from '../../ui/ListTable';
import { ProblemNote } from '../../ui/ProblemNote';
import { DailyTime } from './DailyTime';
import { usePutDelivery, useRemoveDelivery, useTags } from './queries';
import { texts } from './texts';

type What = 'tags' | 'decisions';
type Way = 'push' | 'file';
interface Fields { name: string; id: string; what: What; tags: string[]; decisions?: DecisionKind[]; journeys?: string[]; form?: 'sensors' | 'own'; way: Way; channel?: string; key?: string; format?: NonNullable<Delivery['format']> }

const kFormats = [{ value: 'csv', label: 'CSV' }, { value: 'jsonl', label: 'JSON Lines' }, { value: 'parquet', label: 'Parquet' }];
const kDecisions: DecisionKind[] = ['entered', 'passed', 'planned', 'message', 'denied', 'left', 'converted', 'refused', 'migrated', 'late_event'];
// What Sensors has events of.
const kSensors: DecisionKind[] = ['entered', 'passed', 'planned', 'message'];

// Which decisions of which journeys, and how they are told.
function DecisionFields() {
  const t = useTexts(texts);
  const language = useLanguage();
  const form = Form.useFormInstance<Fields>();
  const sensors = Form.useWatch('form', form) === 'sensors';
  const journeys = useJourneys().data?.journeys ?? [];
  const onForm = (chosen: Fields['form']) => { if (chosen === 'sensors') form.setFieldValue('decisions', form.getFieldValue('decisions')?.filter((one: DecisionKind) => kSensors.includes(one))); };
  return (
    <>
      <Form.Item name="form" label={t('decisionForm')} extra={sensors ? t('decisionFormHint') : undefined}><Radio.Group optionType="button" options={(['own', 'sensors'] as const).map((value) => ({ value, label: t(`decisionForm_${value}`) }))} onChange={({ target }) => onForm(target.value as Fields['form'])} /></Form.Item>
      <Form.Item name="decisions" label={t('decisions')} rules={[{ required: true, message: t('decisionsNeeded') }]}><Select mode="multiple" optionFilterProp="label" options={(sensors ? kSensors : kDecisions).map((value) => ({ value, label: t(`decision_${value}`) }))} /></Form.Item>
      <Form.Item name="journeys" label={t('ofJourneys')}><Select mode="multiple" maxCount={100} allowClear optionFilterProp="label" placeholder={t('ofAllJourneys')} options={journeys.map((one) => ({ value: one.id, label: journeyName(one, language) }))} /></Form.Item>
    </>
  );
}

function Editor({ delivery, onSaved }: { delivery: Delivery | undefined; onSaved: (id: string) => void }) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const what = Form.useWatch('what', form) ?? (delivery?.decisions ? 'decisions' : 'tags');
  const way = Form.useWatch('way', form) ?? (delivery?.format ? 'file' : 'push');
  const [cron, setCron] = useState(delivery ? delivery.schedule?.cron : '0 3 * * *');
  const zone = useProjects().data?.projects.find(({ name }) => !currentProject() || name === currentProject())?.time_zone;
  const tags = useTags({}).data?.items ?? [];
  const channels = useChannels().data?.channels.filter(({ kind }) => kind !== 'tasks') ?? [];
  const put = usePutDelivery();
  const mayChange = useMay()('segments.export');
  const pushes = what === 'decisions' || way === 'push';
  const keep = ({ id, name, tags: chosen, decisions, journeys, form: told, channel, key, format }: Fields) => put.mutate({
    id, name: name.trim(), ...(delivery ? { version: delivery.version } : {}),
    ...(what === 'tags' ? { tags: chosen } : { decisions, channel, ...(journeys?.length ? { journeys } : {}), ...(told === 'sensors' ? { form: told } : {}) }),
    ...(what === 'tags' && (way === 'push' ? { channel, ...(key ? { key } : {}) } : { format, ...(cron ? { schedule: { cron, zone: delivery?.schedule?.zone ?? zone } } : {}) })),
  }, { onSuccess: () => { void message.success(t('deliverySaved', { name: name.trim() })); onSaved(id); } });
  const certified = tags.filter(({ id, state }) => ['certified', 'live', 'frozen'].includes(state) || delivery?.tags.includes(id));
  return (
    <Form<Fields> form={form} layout="vertical" disabled={!mayChange} initialValues={{ what, way, format: 'csv', tags: [], form: 'own', ...delivery }} onFinish={keep} onValuesChange={({ name }: Partial<Fields>) => { if (!delivery && name !== undefined && !form.isFieldTouched('id')) form.setFieldValue('id', idOf(name)); }}>
      <div className="rails">
        <Form.Item name="name" label={t('deliveryName')} rules={[{ required: true, whitespace: true, message: t('deliveryNameNeeded') }]}><Input maxLength={60} placeholder={t('deliveryNameHint')} /></Form.Item>
        <Form.Item name="id" label={t('id')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idNeeded') }]}><Input className="code" maxLength={64} disabled={!!delivery || !mayChange} /></Form.Item>
      </div>
      <Form.Item name="what" label={t('deliveryWhat')}><Radio.Group optionType="button" options={(['tags', 'decisions'] as const).map((value) => ({ value, label: t(`deliveryWhat_${value}`) }))} /></Form.Item>
      {what === 'decisions' ? <DecisionFields /> : <Form.Item name="tags" label={t('title')} extra={t('deliveryTagsHint')} rules={[{ required: true, message: t('deliveryTagsNeeded') }]}><Select mode="multiple" maxCount={100} optionFilterProp="label" options={certified.map((tag) => ({ value: tag.id, label: labelOf(tag, language) }))} /></Form.Item>}
      {what === 'tags' && <Form.Item name="way" label={t('way')}><Radio.Group optionType="button" options={(['push', 'file'] as const).map((value) => ({ value, label: t(`way_${value}`) }))} /></Form.Item>}
      {pushes ? (
        <>
          <Form.Item name="channel" label={t('channel')} extra={<>{t('channelHint')}{gap}<Link to={link('/channels')} style={{ textDecoration: 'underline' }}>{t('channelLink')}</Link></>} rules={[{ required: true, message: t('channelNeeded') }]}>
            <Select style={{ width: 260 }} notFoundContent={t('noChannels')} options={channels.map(({ name, title_zh: name_zh, title_en: name_en }) => ({ value: name, label: labelOf({ id: name, name_zh, name_en }, language) }))} />
          </Form.Item>
          {what === 'tags' && <Form.Item name="key" label={t('deliveryKey')} extra={t('deliveryKeyHint')}><KindSelect allowClear width={260} placeholder={t('deliveryKeyAny')} /></Form.Item>}
        </>
      ) : (
        <div className="rails">
          <Form.Item name="format" label={t('format')} rules={[{ required: true }]}><Select options={kFormats} /></Form.Item>
          <Form.Item label={t('schedule')} htmlFor="delivery-schedule" extra={t('deliveryScheduleHint')}><DailyTime id="delivery-schedule" placeholder={t('byHand')} cron={cron} onChange={setCron} /></Form.Item>
        </div>
      )}
      {put.isError && <ProblemNote error={put.error} />}
      {mayChange && <Button type="primary" htmlType="submit" loading={put.isPending}>{t('save')}</Button>}
    </Form>
  );
}

function Pushes({ pushes: { waiting, sent, dead_count: count, dead, last_problem: problem } }: { pushes: DeliveryPushes }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <section>
      <h2 style={{ marginBottom: 8 }}>{t('howItGoes')}</h2>
      <p>{t('pushed', { sent: exact(sent, language), waiting: exact(waiting, language), dead: exact(count, language) })}</p>
      {problem && <p className="quiet">{t('lastProblem', { problem })}</p>}
      {dead.length > 0 && (
        <ListTable<DeliveryPushes['dead'][number]> list="dead" rowKey="number" dataSource={dead} style={{ marginTop: 8 }} columns={[
          { title: t('time'), width: 160, render: (_, { at }) => dateTime(Date.parse(at), language) },
          { title: t('customer'), width: 160, ellipsis: true, render: (_, { customer }) => customer && <span className="code">{customer.key} {customer.value}</span> },
          { title: t('name'), dataIndex: 'tag', width: 140, ellipsis: true, render: (tag: string | undefined, { what }) => (tag ? <Link to={link(`/tags/${tag}`)}>{tag}</Link> : what && t(`decision_${what}`)) },
          { title: t('whyGivenUp'), dataIndex: 'why' },
        ]} />
      )}
    </section>
  );
}

function Files({ files }: { files: DeliveredFile[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <section>
      <h2 style={{ marginBottom: 8 }}>{t('lastRuns')}</h2>
      {files.length === 0 ? <p className="quiet">{t('noFile')}</p> : (
        <ListTable<DeliveredFile> list="files" rowsOnPage={10} rowKey={({ at, path }) => `${at} ${path}`} dataSource={files} columns={[
          { title: t('time'), width: 160, render: (_, { at }) => dateTime(Date.parse(at ?? ''), language) },
          { title: t('who'), dataIndex: 'by', width: 110, ellipsis: true },
          { title: t('rowCount'), width: 90, align: 'right', render: (_, { rows, error }) => !error && exact(rows ?? 0, language) },
          { title: t('size'), width: 90, align: 'right', render: (_, { bytes: size, error }) => !error && bytes(size ?? 0) },
          { title: t('file'), render: (_, { path, error, error_zh: inChinese }) => (error ? <span className="down">{t('failed', { error: (language === 'zh' && inChinese) || error })}</span> : <span className="code" style={{ overflowWrap: 'anywhere' }}>{path}</span>) },
        ]} />
      )}
    </section>
  );
}

function Remove({ delivery: { id, name }, onDone }: { delivery: Delivery; onDone: () => void }) {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const remove = useRemoveDelivery();
  const ask = () => void modal.confirm({
    title: t('deliveryRemoveTitle', { name }), content: t('deliveryRemoveBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(id).then(() => { void message.success(t('deliveryRemoved', { name })); onDone(); }),
  });
  return <Button danger onClick={ask}>{t('remove')}</Button>;
}

// A delivery, or a new one: what goes where, and below how it went.
export function DeliveryDrawer({ delivery, onClose, onSaved }: { delivery: Delivery | undefined; onClose: () => void; onSaved: (id: string) => void }) {
  const t = useTexts(texts);
  const mayChange = useMay()('segments.export');
  return (
    <Drawer open title={delivery?.name ?? t('newDelivery')} size={720} onClose={onClose} extra={delivery && mayChange && <Remove delivery={delivery} onDone={onClose} />}>
      <div className="stack">
        {delivery?.pushes && <Pushes pushes={delivery.pushes} />}
        {delivery?.files && !delivery.pushes && <Files files={delivery.files} />}
        <Editor key={delivery?.version} delivery={delivery} onSaved={onSaved} />
      </div>
    </Drawer>
  );
}
