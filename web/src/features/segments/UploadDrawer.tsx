import { useState } from 'react';
import { Alert, Button, Drawer, Form, Input, Upload } from 'antd';
import { DownloadOutlined, UploadOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router-dom';
import type { ListRun } from '../../api/schema';
import { download } from '../../lib/csv';
import { textOf } from '../../lib/fileText';
import { exact, percent } from '../../lib/format';
import { link } from '../../lib/links';
import { idOf } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { ProblemNote } from '../../ui/ProblemNote';
import { kMostValues, valuesOf } from './core/values';
import { useUploadList } from './queries';
import { texts } from './texts';

interface Fields { id: string; name: string; owner?: string; key: string; values: string }


function Report({ id, run, onClose }: { id: string; run: ListRun; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const unmatched = run.unmatched_values ?? [];
  return (
    <div className="stack">
      <Alert type={run.unmatched > 0 ? 'warning' : 'success'} showIcon title={t('matchedOf', { matched: exact(run.matched, language), given: exact(run.given, language), share: percent(run.given === 0 ? 0 : run.matched / run.given) })} />
      {run.unmatched > 0 && (
        <div>
          <p>{t('unmatched', { count: exact(run.unmatched, language) })}</p>
          <ul className="code">{unmatched.slice(0, 10).map((value) => <li key={value}>{value}</li>)}</ul>
          <Button icon={<DownloadOutlined />} onClick={() => download(`${id}-${t('unknown')}`, unmatched.map((value) => [value]))}>{t('downloadUnmatched')}</Button>
        </div>
      )}
      <div className="bar">
        <Button type="primary" onClick={() => void navigate(link('/segments/new', { eql: `IN LIST ${id}` }))}>{t('toSegment')}</Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </div>
  );
}

// Identities, pasted or from a file, become a list; says how many of them are known.
export function UploadDrawer({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const upload = useUploadList();
  const [form] = Form.useForm<Fields>();
  const values = valuesOf(Form.useWatch('values', form) ?? '');
  const [id, setId] = useState('');
  const read = async (file: File) => {
    form.setFieldValue('values', await textOf(file));
    if (!form.getFieldValue('name')) form.setFieldsValue({ name: file.name.replace(/\.\w+$/, ''), id: idOf(file.name.replace(/\.\w+$/, '')) });
  };
  const submit = async ({ name, key, owner, id: listId }: Fields) => {
    setId(listId);
    await upload.mutateAsync({ id: listId, key, owner, values, unmatched: 'all', ...(language === 'zh' ? { name_zh: name } : { name_en: name }) });
  };
  return (
    <Drawer open onClose={onClose} size={460} title={t('upload')}>
      {upload.data ? <Report id={id} run={upload.data} onClose={onClose} /> : (
        <Form form={form} layout="vertical" initialValues={{ key: 'login', values: '' }} onFinish={(fields) => void submit(fields).catch(() => undefined)}
          onValuesChange={(changed: Partial<Fields>) => { if (changed.name !== undefined && !form.isFieldTouched('id')) form.setFieldValue('id', idOf(changed.name)); }}>
          <Form.Item name="name" label={t('name')} rules={[{ required: true, message: t('nameNeeded') }]}><Input maxLength={60} autoFocus /></Form.Item>
          <Form.Item name="id" label={t('id')} extra={t('listIdHint')} rules={[{ required: true, pattern: /^[A-Za-z0-9_-]{1,64}$/, message: t('idNeeded') }]}><Input className="code" maxLength={64} /></Form.Item>
          <Form.Item name="owner" label={t('owner')}><Input maxLength={60} /></Form.Item>
          <Form.Item name="key" label={t('key')} extra={t('keyHint')} rules={[{ required: true, message: t('keyNeeded') }]}><KindSelect width="100%" /></Form.Item>
          <Form.Item label={t('file')}>
            <Upload accept=".csv,.txt" maxCount={1} beforeUpload={(file) => { void read(file); return false; }}><Button icon={<UploadOutlined />}>{t('chooseFile')}</Button></Upload>
          </Form.Item>
          <Form.Item name="values" label={t('values')} extra={values.length > kMostValues ? <span className="fault">{t('tooMany', { most: exact(kMostValues, language) })}</span> : t('valuesSeen', { count: exact(values.length, language) })}>
            <Input.TextArea rows={8} className="code" placeholder={t('valuesHint')} />
          </Form.Item>
          {upload.isError && <Form.Item><ProblemNote error={upload.error} /></Form.Item>}
          <div className="bar"><Button type="primary" htmlType="submit" loading={upload.isPending} disabled={values.length === 0 || values.length > kMostValues}>{t('upload')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
        </Form>
      )}
    </Drawer>
  );
}
