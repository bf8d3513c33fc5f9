import { useEffect, useState } from 'react';
import { App, Button, Drawer, Form, Input } from 'antd';
import { SaveOutlined } from '@ant-design/icons';
import { useNavigate, useParams } from 'react-router-dom';
import { useSession } from '../../api/queries';
import type { Segment } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { exact } from '../../lib/format';
import { link } from '../../lib/links';
import { idOf } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { isComplete } from '../../rules/core/rule';
import { RuleWorkbench } from '../../rules/RuleWorkbench';
import { useRule } from '../../rules/useRule';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { labelOf } from '../../lib/label';
import { useSaveSegment, useSegment } from './queries';
import { texts } from './texts';

type Fields = Required<Pick<Segment, 'id' | 'name_zh' | 'name_en' | 'owner'>>;

function SaveDrawer({ segment, eql, onClose }: { segment: Segment | undefined; eql: string; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const save = useSaveSegment();
  const [form] = Form.useForm<Fields>();
  const { title, person } = useSession().data ?? {};
  const name = language === 'zh' ? 'name_zh' : 'name_en', other = language === 'zh' ? 'name_en' : 'name_zh';
  const submit = async (fields: Fields) => {
    const id = segment?.id ?? fields.id;
    const run = await save.mutateAsync({ ...fields, id, eql, isNew: !segment, ...(segment ? { version: segment.version } : {}) });
    void message.success(t('savedWith', { count: exact(run.count, language) }));
    void navigate(link(`/segments/${id}`));
  };
  const suggest = (changed: Partial<Fields>) => {
    if (changed[name] !== undefined && !form.isFieldTouched('id')) form.setFieldValue('id', idOf(changed[name]));
  };
  return (
    <Drawer open onClose={onClose} size={420} title={t(segment ? 'saveVersion' : 'saveNew')}>
      <Form form={form} layout="vertical" initialValues={segment ?? { owner: title || person }} onValuesChange={suggest} onFinish={(fields) => void submit(fields).catch(() => undefined)}>
        <Form.Item name={name} label={t(name)} rules={[{ required: true, message: t('nameNeeded') }]}><Input maxLength={60} autoFocus /></Form.Item>
        <Form.Item name={other} label={t(other)}><Input maxLength={60} /></Form.Item>
        {!segment && <Form.Item name="id" label={t('id')} extra={t('idHint')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idNeeded') }]}><Input className="code" maxLength={64} /></Form.Item>}
        <Form.Item name="owner" label={t('owner')}><Input maxLength={60} /></Form.Item>
        {save.isError && <Form.Item><ProblemNote error={save.error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={save.isPending}>{t('saveAndRun')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}

function Editor({ segment }: { segment: Segment | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [inAddress, putInAddress] = useAddressText('eql');
  const [first] = useState(inAddress || segment?.eql || '');
  const rule = useRule(first);
  const [saving, setSaving] = useState(false);
  const { good } = rule;
  const saved = segment?.eql ?? 'FIND customer';
  useEffect(() => {
    if (good !== undefined) putInAddress(good === saved ? '' : good);
  }, [good, saved, putInAddress]);
  const unfinished = !isComplete(rule.root);
  const isReady = good !== undefined && !unfinished;
  return (
    <>
      <PageHeader title={segment ? t('editTitle', { name: labelOf(segment, language) }) : t('newTitle')} note={segment ? t('editNote', { version: segment.version }) : t('newNote')}
        actions={<Button type="primary" icon={<SaveOutlined />} disabled={!isReady} title={isReady ? undefined : t(unfinished ? 'notFinished' : 'notRight')} onClick={() => setSaving(true)}>{t('save')}</Button>} />
      <RuleWorkbench rule={rule} />
      {saving && good && <SaveDrawer segment={segment} eql={good} onClose={() => setSaving(false)} />}
    </>
  );
}

export default function EditPage() {
  const { id } = useParams();
  const segment = useSegment(id);
  if (id === undefined) return <Editor segment={undefined} />;
  return <Loaded page query={segment}>{(found) => <Editor key={found.id} segment={found} />}</Loaded>;
}
