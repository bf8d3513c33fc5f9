import { ClockCircleOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { PropertySelect } from '../../../ui/PropertySelect';
import { ChoiceField, DurationField, Field, NumberField, TextField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayDuration } from './say';
import { sayWindows, WindowsField, type Window } from './windows';

const kWays = ['for', 'until', 'window', 'date'] as const;
const kNothing = { for: undefined, until: undefined, window: undefined, date: undefined, days: undefined, months: undefined, on_past: undefined, every: undefined, leap_day: undefined, leap_month: undefined };
const kFirst = { for: { for: '1d' }, until: { until: '10:00' }, window: { window: [{ from: '09:00', to: '21:00' }] }, date: { date: 'birthday' } };
const signed = (count: number) => (count > 0 ? `+${count}` : String(count));
const wayOf = (node: Record<string, unknown>) => (node['date'] !== undefined ? 'date' : (kWays.find((way) => node[way] !== undefined) ?? 'for'));

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  const way = wayOf(node);
  return (
    <>
      <ChoiceField label={t('waitFor')} of="wait" value={way} options={words(t, 'wait', kWays)} onChange={(next) => onChange({ ...kNothing, ...kFirst[next as keyof typeof kFirst] })} />
      {way === 'for' && <DurationField label={t('duration')} of="for" value={node['for']} onChange={(value) => onChange({ for: value })} />}
      {way === 'until' && <TextField label={t('timeOfDay')} of="until" hint="10:00" value={node['until']} onChange={(until) => onChange({ until })} />}
      {way === 'window' && <WindowsField of="window" windows={node['window'] as Window[]} onChange={(window) => onChange({ window })} />}
      {way === 'date' && (
        <>
          <Field label={t('dateOf')} of="date"><PropertySelect label={t('dateOf')} width={200} value={String(node['date'] ?? '')} onChange={(date) => onChange({ date })} /></Field>
          <NumberField label={t('offsetDays')} of="days" min={-3660} max={3660} value={node['days']} onChange={(days) => onChange({ days })} />
          <NumberField label={t('offsetMonths')} of="months" min={-120} max={120} value={node['months']} onChange={(months) => onChange({ months })} />
          <TextField label={t('timeOfDay')} of="until" hint="10:00" value={node['until']} onChange={(until) => onChange({ until: until || undefined })} />
          <ChoiceField label={t('comesRound')} of="every" value={node['every'] ?? 'no'} options={words(t, 'round', ['no', 'year', 'lunar_year'])} onChange={(every) => onChange({ every: every === 'no' ? undefined : every, on_past: undefined, leap_day: undefined, leap_month: undefined })} />
          {node['every'] === 'year' && <ChoiceField label={t('leapDay')} of="leap_day" value={node['leap_day'] ?? '02-28'} options={{ '02-28': '02-28', '03-01': '03-01' }} onChange={(value) => onChange({ leap_day: value })} />}
          {node['every'] === 'lunar_year' && <ChoiceField label={t('leapMonth')} of="leap_month" value={node['leap_month'] ?? 'exact_else_regular'} options={words(t, 'leap', ['exact_else_regular', 'regular_only', 'both'])} onChange={(value) => onChange({ leap_month: value })} />}
          {!node['every'] && <ChoiceField label={t('onPast')} of="on_past" value={node['on_past'] ?? 'skip'} options={words(t, 'past', ['skip', 'now', 'next_year'])} onChange={(value) => onChange({ on_past: value })} />}
        </>
      )}
    </>
  );
}

export const wait = kind({
  kind: 'wait', icon: <ClockCircleOutlined />, group: 'wait', initial: { for: '1d' }, Editor,
  summary: (node, saying) => {
    const { t, names } = saying;
    switch (wayOf(node)) {
      case 'date': {
        const days = Number(node['days'] ?? 0), months = Number(node['months'] ?? 0), name = names.property(String(node['date']));
        return [name, months !== 0 && t('sayMonths', { count: signed(months) }), days !== 0 && t('sayDays', { count: signed(days) })].filter(Boolean).join(' ');
      }
      case 'until': return t('sayUntil', { time: String(node['until']) });
      case 'window': return sayWindows(node['window'] as Window[], saying);
      default: return sayDuration(node['for'], saying);
    }
  },
});
