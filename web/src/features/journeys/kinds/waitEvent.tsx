import { HourglassOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { BranchesField, ChoiceField, DurationField, FlagField, OccasionInput, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayDuration, sayOccasion } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <BranchesField branches={node.branches} make={{ event: '' }} onChange={(branches, renamed) => onChange({ branches }, renamed)}>
        {(branch, set) => <OccasionInput receipts label={t('event')} value={branch} onChange={set} />}
      </BranchesField>
      {node.branches?.some(({ when }) => when !== undefined) && <ChoiceField label={t('acceptCurrent')} of="accept_current" value={String(node['accept_current'] ?? true)} options={words(t, 'acceptCurrent', ['true', 'false'])} onChange={(value) => onChange({ accept_current: value === 'true' })} />}
      <DurationField label={t('timeout')} of="timeout" value={node['timeout']} onChange={(timeout) => onChange({ timeout })} />
      <ChoiceField label={t('since')} of="since" value={node['since'] ?? 'node_entry'} options={words(t, 'since', ['node_entry', 'touch', 'journey_entry', 'lookback'])} onChange={(since) => onChange(since === 'lookback' ? { since } : { since, lookback: undefined })} />
      {node['since'] === 'lookback' && <DurationField label={t('lookback')} of="lookback" value={node['lookback']} onChange={(lookback) => onChange({ lookback })} />}
      <ChoiceField label={t('mode')} of="mode" value={node['mode'] ?? 'first'} options={words(t, 'mode', ['first', 'ranked'])} onChange={(mode) => onChange({ mode })} />
      {node.branches?.some(({ event }) => event !== undefined) && <FlagField label={t('sameKey')} of="same_key" value={node['same_key']} onChange={(value) => onChange({ same_key: value })} />}
      <ChoiceField label={t('entries')} of="entries" value={node['entries'] ?? 'all'} options={words(t, 'entries', ['all', 'earliest'])} onChange={(entries) => onChange({ entries })} />
    </>
  );
}

export const waitEvent = kind({
  kind: 'wait_event', icon: <HourglassOutlined />, group: 'wait', initial: { branches: [{ outcome: 'done', event: '' }], timeout: '3d' }, Editor,
  summary: (node, saying) => saying.t('sayWaitEvent', { event: sayOccasion(node.branches?.[0] ?? {}, saying), time: sayDuration(node['timeout'], saying) }),
});
