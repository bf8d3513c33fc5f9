import { Alert, Button, Drawer, Form, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useNames } from '../../api/names';
import type { SegmentExport } from '../../api/schema';
import { fileName, keep } from '../../lib/csv';
import { bytes, exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { useDownloadSegment, useExportSegment } from './queries';
import { texts } from './texts';

const kFormats = ['csv', 'jsonl', 'parquet'] as const;
const kPlaces = ['here', 'server'] as const;

// A file for this computer, or one that the server writes; both are in the audit log.
export function ExportDrawer({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const [place, setPlace] = useState<(typeof kPlaces)[number]>('here');
  const download = useDownloadSegment();
  const write = useExportSegment();
  const failed = place === 'here' ? download : write;
  const said = place === 'here' ? download.data && t('downloaded', { size: bytes(download.data.size) }) : write.data && t('exported', { rows: exact(write.data.rows ?? 0, language), size: bytes(write.data.bytes ?? 0) });
  const run = async ({ attributes, path, format }: SegmentExport) => {
    const wanted = { id, format, ...(attributes?.length ? { attributes } : {}) };
    if (place === 'server') write.mutate({ ...wanted, path });
    else keep(`${fileName(name)}.${format}`, await download.mutateAsync(wanted));
  };
  return (
    <Drawer open onClose={onClose} size={420} title={t('export')}>
      <Form layout="vertical" initialValues={{ format: 'csv', attributes: [] }} onFinish={(fields: SegmentExport) => void run(fields).catch(() => undefined)}>
        <Form.Item label={t('exportTo')}><Segmented aria-label={t('exportTo')} value={place} onChange={setPlace} options={kPlaces.map((value) => ({ value, label: t(`to_${value}`) }))} /></Form.Item>
        <Form.Item name="format" label={t('format')}><Select options={kFormats.map((value) => ({ value, label: value.toUpperCase() }))} /></Form.Item>
        <Form.Item name="attributes" label={t('attributes')} extra={t('attributesHint')}><Select mode="multiple" options={names.properties.map((one) => ({ value: one.name, label: names.property(one.name) }))} optionFilterProp="label" /></Form.Item>
        {place === 'server' ? <Form.Item name="path" label={t('path')} extra={t('pathHint')} rules={[{ required: true, pattern: /^\//, message: t('pathNeeded') }]}><Input className="code" placeholder={`/data/${id}.csv`} /></Form.Item> : <p className="quiet" style={{ marginBottom: 16 }}>{t('downloadHint')}</p>}
        {failed.isError && <Form.Item><ProblemNote error={failed.error} /></Form.Item>}
        {said && <Form.Item><Alert type="success" showIcon title={said} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={failed.isPending}>{t(place === 'here' ? 'downloadNow' : 'exportNow')}</Button><Button onClick={onClose}>{t('close')}</Button></div>
      </Form>
    </Drawer>
  );
}
