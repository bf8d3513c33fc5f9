import { useState } from 'react';
import { App, Button, Form, Input, Segmented, Select } from 'antd';
import { useNavigate, useParams } from 'react-router-dom';
import { useProjects, useSession } from '../../api/queries';
import type { Making, Tag } from '../../api/schema';
import { categoryName, labelOf, namedIn } from '../../lib/label';
import { currentProject, link } from '../../lib/links';
import { idOf } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { DailyTime } from './DailyTime';
import { MakingEditor } from './MakingEditor';
import { TagPreview } from './TagPreview';
import { bare, first, kKinds, layersOf, textOf, type Kind } from './core/making';
import { useSaveTag, useTag, useTags } from './queries';
import { texts } from './texts';

interface Fields {
  id: string;
  name_zh?: string;
  name_en?: string;
  meaning_zh?: string;
  meaning_en?: string;
  owner?: string;
  categories?: string[];
  albums?: string[];
}

// Whether enough is written for the server to have an opinion.
function isReady(make: Making): boolean {
  if (make.kind === 'rule') return textOf(make['eql']).trim() !== '';
  if (make.kind === 'layers') return layersOf(make).every(({ value, eql }) => value.trim() !== '' && eql.trim() !== '');
  if (make.kind === 'value') return textOf(make['of']).trim() !== '';
  if (make.kind === 'preference') return textOf(make['events']).trim() !== '' && textOf(make['property']) !== '';
  return true;
}

function Editor({ tag }: { tag: Tag | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const [make, setMake] = useState<Making>(tag?.make ? bare(tag.make) : first.rule);
  const [cron, setCron] = useState(tag ? tag.schedule?.cron : '30 2 * * *');
  const { title, person } = useSession().data ?? {};
  const zone = useProjects().data?.projects.find(({ name }) => !currentProject() || name === currentProject())?.time_zone;
  const places = useTags({}).data;
  const save = useSaveTag();
  const ready = isReady(make);
  const keep = (fields: Fields) => save.mutate({ ...fields, make, schedule: cron ? { cron, zone: tag?.schedule?.zone ?? zone } : {}, ...(tag ? { version: tag.version } : {}) }, {
    onSuccess: (kept) => { void message.success(t('savedTag', { name: labelOf(kept, language) })); void navigate(link(`/tags/${kept.id}`)); },
  });
  const categories = places?.categories?.map(({ name }) => ({ value: name, label: categoryName(name, places.categories!, language) }));
  const albums = places?.albums?.map((one) => ({ value: one.name, label: namedIn(one, language) }));
  return (
    <>
      <PageHeader title={tag ? t('editTag', { name: labelOf(tag, language) }) : t('newTag')} note={t(tag ? 'editTagNote' : 'newTagNote')} actions={(
        <><Button onClick={() => void navigate(link(tag ? `/tags/${tag.id}` : '/tags'))}>{t('cancel')}</Button><Button type="primary" loading={save.isPending} disabled={!ready} onClick={() => form.submit()}>{t('save')}</Button></>
      )} />
      <div className="grid halves">
        <div className="stack">
          <section className="panel">
            <div className="bar" style={{ marginBottom: 12 }}><h2>{t('making')}</h2><Segmented<Kind> className="wraps" size="small" value={make.kind} onChange={(kind) => setMake(kind === tag?.make?.kind ? bare(tag.make) : first[kind])} options={kKinds.map((value) => ({ value, label: t(`makingOf_${value}`) }))} /></div>
            <MakingEditor key={make.kind} make={make} onChange={setMake} />
          </section>
          <section className="panel">
            <Form<Fields> form={form} layout="vertical" initialValues={tag ?? { owner: title || person }} onFinish={keep} onValuesChange={(touched: Partial<Fields>) => { const name = touched.name_zh ?? touched.name_en; if (!tag && name !== undefined && !form.isFieldTouched('id')) form.setFieldValue('id', idOf(name)); }}>
              <div className="thirds">
                <Form.Item name="name_zh" label={t('nameZh')} rules={[{ validator: () => (form.getFieldValue('name_zh') || form.getFieldValue('name_en') ? Promise.resolve() : Promise.reject(new Error(t('nameNeeded')))) }]}><Input maxLength={60} /></Form.Item>
                <Form.Item name="name_en" label={t('nameEn')}><Input maxLength={60} /></Form.Item>
                <Form.Item name="id" label={t('id')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idNeeded') }]}><Input className="code" disabled={!!tag} maxLength={64} /></Form.Item>
              </div>
              <Form.Item name="meaning_zh" label={t('meaningZh')}><Input maxLength={200} /></Form.Item>
              <Form.Item name="meaning_en" label={t('meaningEn')}><Input maxLength={200} /></Form.Item>
              <div className="thirds">
                <Form.Item name="categories" label={t('categories')} extra={t('categoriesHint')}><Select mode="tags" options={categories} /></Form.Item>
                <Form.Item name="albums" label={t('albums')}><Select mode="tags" options={albums} /></Form.Item>
                <Form.Item name="owner" label={t('owner')}><Input maxLength={60} /></Form.Item>
              </div>
              {make.kind !== 'uploaded' && (
                <Form.Item label={t('schedule')} htmlFor="tag-schedule" extra={t('scheduleHint')}>
                  <DailyTime id="tag-schedule" placeholder={t('byHand')} cron={cron} onChange={setCron} />
                </Form.Item>
              )}
              {save.isError && <ProblemNote error={save.error} />}
            </Form>
          </section>
        </div>
        <section className="panel"><h2 style={{ marginBottom: 8 }}>{t('preview')}</h2><TagPreview make={make} ready={ready} kept={!!tag?.make && JSON.stringify(make) === JSON.stringify(bare(tag.make))} /></section>
      </div>
    </>
  );
}

export default function TagEditPage() {
  const { id } = useParams();
  return id === undefined ? <Editor tag={undefined} /> : <Saved id={id} />;
}

function Saved({ id }: { id: string }) {
  return <Loaded page query={useTag(id)} rows={14}>{(tag) => <Editor key={`${tag.id} ${tag.version}`} tag={tag} />}</Loaded>;
}
