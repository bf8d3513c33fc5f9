import { useState } from 'react';
import { Button, Form, Input } from 'antd';
import { comma } from '../../lib/format';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { Loaded } from '../../ui/Loaded';
import { texts } from './texts';
import { useValueOf } from './queries';

interface Asked {
  key: string;
  value: string;
}

export function LookUp({ id }: { id: string }) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const [asked, setAsked] = useState<Asked>();
  const answer = useValueOf(id, asked);
  return (
    <div className="stack">
      <Form<Asked> layout="inline" initialValues={{ key: 'login' }} onFinish={setAsked}>
        <Form.Item name="key" label={t('identityKind')} rules={[{ required: true, message: '' }]}><KindSelect /></Form.Item>
        <Form.Item name="value" label={t('identityValue')} rules={[{ required: true, message: '' }]}><Input style={{ width: 220 }} spellCheck={false} /></Form.Item>
        <Button htmlType="submit" loading={answer.isFetching}>{t('look')}</Button>
      </Form>
      {asked && (
        <Loaded query={answer} rows={1}>
          {({ items: [one], days }) => {
            if (!one?.known) return <p>{t('unknown')}</p>;
            const value = (one.tags as Record<string, unknown> | undefined)?.[id], day = String((days as Record<string, unknown>)[id] ?? '');
            if (value === null || value === undefined) return <p className="quiet">{t('hasNone', { day })}</p>;
            return <p>{t('has', { day })}{gap}<b>{Array.isArray(value) ? value.join(comma(language)) : String(value)}</b></p>;
          }}
        </Loaded>
      )}
    </div>
  );
}
