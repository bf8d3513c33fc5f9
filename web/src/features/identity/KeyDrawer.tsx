import { useState } from 'react';
import { Button, Drawer, Form, Input, InputNumber, Select, Switch } from 'antd';
import type { IdentityRules } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { faultOf, linesOf, newKey, withKey, withoutKey, type KeyRule } from './core/rules';
import { Trial } from './Trial';
import { texts } from './texts';

type Key = keyof (typeof texts)['zh'];

// One kind of identity: all that is said of it, and what a change would do. `at`: its place; none of a new one.
export function KeyDrawer({ rules, at, onClose }: { rules: IdentityRules; at: number | undefined; onClose: () => void }) {
  const t = useTexts(texts);
  const [key, setKey] = useState<KeyRule>({ ...newKey, ...(at === undefined ? undefined : rules.keys[at]) });
  const [lists, setLists] = useState({ blocked: key.blocked?.join('\n') ?? '', blocked_patterns: key.blocked_patterns?.join('\n') ?? '' });
  const [gone, setGone] = useState(false);
  const changed: KeyRule = { ...key, key: key.key.trim(), blocked: linesOf(lists.blocked), blocked_patterns: linesOf(lists.blocked_patterns) };
  const fault = gone ? undefined : faultOf(rules, at, changed);
  const set = (change: Partial<KeyRule>) => setKey({ ...key, ...change });
  const count = (of: 'priority' | 'values' | 'window_days' | 'look_back_days', max: number) => (
    <Form.Item label={t(of)} extra={t(`${of}_how`)}><InputNumber aria-label={t(of)} min={0} max={max} precision={0} style={{ width: 140 }} value={key[of]} onChange={(value) => set({ [of]: value ?? 0 })} /></Form.Item>
  );
  const choice = <Of extends 'strength' | 'normaliser'>(of: Of, values: NonNullable<KeyRule[Of]>[]) => (
    <Form.Item label={t(of)} extra={t(`${of}_how`)}><Select aria-label={t(of)} value={key[of]} onChange={(value: KeyRule[Of]) => set({ [of]: value })} options={values.map((value) => ({ value, label: t(`${of}_${value}` as Key) }))} /></Form.Item>
  );
  const lines = (of: 'blocked' | 'blocked_patterns') => (
    <Form.Item label={t(of)} extra={t(`${of}_how`)}><Input.TextArea aria-label={t(of)} className="code" spellCheck={false} rows={3} value={lists[of]} onChange={(event) => setLists({ ...lists, [of]: event.target.value })} /></Form.Item>
  );
  return (
    <Drawer open title={at === undefined ? t('newKey') : t('editKey', { key: key.key })} size={560} onClose={onClose} extra={at !== undefined && !gone && <Button danger onClick={() => setGone(true)}>{t('remove')}</Button>}>
      {gone ? <p>{t('goneHow', { key: key.key })}</p> : (
        <Form layout="vertical" component="div">
          <Form.Item label={t('key')} extra={t('key_how')}><Input aria-label={t('key')} className="code" maxLength={100} disabled={at !== undefined} value={key.key} onChange={(event) => set({ key: event.target.value })} /></Form.Item>
          {choice('strength', ['strong', 'weak'])}
          {count('priority', 255)}
          {choice('normaliser', ['plain', 'phone', 'lower'])}
          {count('values', 1_000_000)}
          {count('window_days', 36_500)}
          {key.strength === 'weak' && count('look_back_days', 36_500)}
          <Form.Item label={t('parent')} extra={t('parent_how')}><Select aria-label={t('parent')} allowClear value={key.parent || undefined} onChange={(parent?: string) => set({ parent: parent ?? '' })} options={rules.keys.filter((other) => other.key !== key.key).map((other) => ({ value: other.key, label: other.key }))} /></Form.Item>
          {lines('blocked')}
          {lines('blocked_patterns')}
          <Form.Item label={t('hashed')} extra={t('hashed_how')}><Switch aria-label={t('hashed')} checked={key.hashed} onChange={(hashed) => set({ hashed })} /></Form.Item>
        </Form>
      )}
      <Trial rules={gone && at !== undefined ? withoutKey(rules, at) : withKey(rules, at, changed)} fault={fault && t(fault)} onDone={onClose} />
    </Drawer>
  );
}
