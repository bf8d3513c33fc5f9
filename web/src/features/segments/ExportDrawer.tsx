import { Alert, Button, Drawer, Form, Input, Select } from 'antd';
import { useNames } from '../../api/names';
import type { SegmentExport } from '../../api/schema';
import { bytes, exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { useExportSegment } from './queries';
import { texts } from './texts';

const kFormats = ['csv', 'jsonl', 'parquet'] as const;

// The server writes the file; exports are in the audit log.
export function ExportDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const write = useExportSegment();
  const { data } = write;
  return (
    <Drawer open onClose={onClose} size={420} title={t('export')}>
      <Form layout="vertical" initialValues={{ format: 'csv', attributes: [] }} onFinish={({ attributes, ...fields }: SegmentExport) => write.mutate({ id, ...fields, ...(attributes?.length ? { attributes } : {}) })}>
        <Form.Item name="format" label={t('format')}><Select options={kFormats.map((value) => ({ value, label: value.toUpperCase() }))} /></Form.Item>
        <Form.Item name="attributes" label={t('attributes')} extra={t('attributesHint')}><Select mode="multiple" options={names.properties.map(({ name }) => ({ value: name, label: names.property(name) }))} /></Form.Item>
        <Form.Item name="path" label={t('path')} extra={t('pathHint')} rules={[{ required: true, pattern: /^\//, message: t('pathNeeded') }]}><Input className="code" placeholder={`/data/${id}.csv`} autoFocus /></Form.Item>
        {write.isError && <Form.Item><ProblemNote error={write.error} /></Form.Item>}
        {data && <Form.Item><Alert type="success" showIcon title={t('exported', { rows: exact(data.rows ?? 0, language), size: bytes(data.bytes ?? 0) })} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={write.isPending}>{t('exportNow')}</Button><Button onClick={onClose}>{t('close')}</Button></div>
      </Form>
    </Drawer>
  );
}
