import { HourglassOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useTexts } from '../../../lib/texts';
import { EventSelect } from '../../../ui/EventSelect';
import { BranchesField, ChoiceField, DurationField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayDuration, sayEvent } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <BranchesField branches={node.branches} make={{ event: '' }} onChange={(branches, renamed) => onChange({ branches }, renamed)}>
        {(branch, set) => (
          <>
            <div className="row"><EventSelect any={false} label={t('event')} value={branch.event ?? ''} onChange={(event) => set({ event })} /></div>
            <Input aria-label={t('where')} className="code" placeholder={t('whereHint')} value={branch.where ?? ''} onChange={(event) => set({ where: event.target.value || undefined })} />
          </>
        )}
      </BranchesField>
      <DurationField label={t('timeout')} of="timeout" value={node['timeout']} onChange={(timeout) => onChange({ timeout })} />
      <ChoiceField label={t('since')} of="since" value={node['since'] ?? 'node_entry'} options={words(t, 'since', ['node_entry', 'touch', 'journey_entry', 'lookback'])} onChange={(since) => onChange({ since })} />
      {node['since'] === 'lookback' && <DurationField label={t('lookback')} of="lookback" value={node['lookback']} onChange={(lookback) => onChange({ lookback })} />}
      <ChoiceField label={t('mode')} of="mode" value={node['mode'] ?? 'first'} options={words(t, 'mode', ['first', 'ranked'])} onChange={(mode) => onChange({ mode })} />
    </>
  );
}

export const waitEvent = kind({
  kind: 'wait_event', icon: <HourglassOutlined />, group: 'wait', initial: { branches: [{ outcome: 'done', event: '' }], timeout: '3d' }, Editor,
  summary: (node, saying) => saying.t('sayWaitEvent', { event: sayEvent(node.branches?.[0]?.event, saying), time: sayDuration(node['timeout'], saying) }),
});
