import { useState } from 'react';
import { Checkbox, Modal, Radio, Select, Space } from 'antd';
import type { JourneyCheck, JourneyState } from '../../../api/schema';
import { exact } from '../../../lib/format';
import { journeyName } from '../../../lib/label';
import { useLanguage, useTexts } from '../../../lib/texts';
import type { Definition } from '../core/definition';
import { texts } from '../texts';
import { ChangeList } from './ChangeList';

const kPolicies = ['pin', 'migrate', 'exit'] as const;
type Policy = (typeof kPolicies)[number];

// What is published, what it changes, and what becomes of those inside. Gives the definition that says so.
export function PublishDialog({ definition, state, check, warnings, busy, onClose, onPublish }: { definition: Definition; state: JourneyState | undefined; check: JourneyCheck | undefined; warnings: number; busy: boolean; onClose: () => void; onPublish: (definition: Definition) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [policy, setPolicy] = useState<Policy>('pin');
  const [recall, setRecall] = useState(false);
  const [history, setHistory] = useState(false);
  const [targets, setTargets] = useState<Record<string, string>>({});
  const inside = Object.values(check?.inside ?? {}).reduce((sum, count) => sum + count, 0);
  const kept = new Set(definition.nodes.map((node) => `${node.id} ${node.type}`));
  const gone = (state?.nodes ?? []).filter((node) => (node.here ?? 0) > 0 && !kept.has(`${node.id} ${node.type}`));
  const old = new Map((state?.definition as Definition | undefined)?.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => {
    const node = definition.nodes.find((one) => one.id === id) ?? old.get(id);
    return node ? node.note || t(`kind_${node.type}`) : id;
  };
  const removed = Object.fromEntries(gone.map(({ id }) => [id, targets[id] ?? 'next']));
  const inFlight = policy === 'migrate'
    ? { policy, ...(gone.length > 0 && { removed }), ...(recall && { recall }), ...(history && { apply_history: true }) }
    : { policy };
  const made = state && inside > 0 && policy !== 'pin' ? { ...definition, in_flight: inFlight } : definition;
  const places = [{ value: 'next', label: t('target_next') }, { value: 'exit', label: t('target_exit') }, ...definition.nodes.map(({ id }) => ({ value: `node:${id}`, label: `${nameOf(id)} ${id}` }))];
  return (
    <Modal open destroyOnHidden title={t('publishTitle', { name: journeyName(definition, language), version: (state?.version ?? 0) + 1 })} okText={t('publish')} cancelText={t('cancel')} confirmLoading={busy} onCancel={onClose} onOk={() => onPublish(made)}>
      {!state && <p>{t('publishFirst')}</p>}
      {state && inside > 0 && (
        <>
          <p>{t('publishInside', { count: exact(inside, language) })}</p>
          <Radio.Group value={policy} onChange={({ target }) => setPolicy(target.value as Policy)}>
            <Space orientation="vertical">{kPolicies.map((one) => <Radio key={one} value={one}>{t(`policy_${one}`)}</Radio>)}</Space>
          </Radio.Group>
        </>
      )}
      {policy === 'migrate' && (
        <div className="stack tight">
          {gone.map(({ id, here }) => (
            <label key={id} className="row">{t('goneNode', { node: nameOf(id), count: exact(here ?? 0, language) })}<Select aria-label={t('goneNode', { node: nameOf(id), count: exact(here ?? 0, language) })} style={{ minWidth: 160 }} value={removed[id]} options={places} onChange={(to) => setTargets({ ...targets, [id]: to })} /></label>
          ))}
          <Checkbox checked={recall} onChange={({ target }) => setRecall(target.checked)}>{t('recall')}</Checkbox>
          <Checkbox checked={history} onChange={({ target }) => setHistory(target.checked)}>{t('applyHistory')}</Checkbox>
        </div>
      )}
      {state && check?.changes && <><h2>{t('changes')}</h2><ChangeList changes={check.changes} names={nameOf} /></>}
      {warnings > 0 && <p className="quiet">{t('publishWarnings', { count: warnings })}</p>}
    </Modal>
  );
}
