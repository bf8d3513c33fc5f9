import { InputNumber, Select } from 'antd';
import { useTexts } from '../../../lib/texts';
import { OpenSelect } from '../../../ui/OpenSelect';
import { ZoneSelect } from '../../../ui/ZoneSelect';
import type { Definition, Guardrails, Occasion } from '../core/definition';
import { ChoiceField, DurationField, Field, FlagField, Group, MomentField, NumberField, OccasionInput, PropertyField, Rows, TextField, words } from '../fields';
import { texts } from '../texts';
import { GoalFields, type Goal } from './GoalFields';

// What holds for the journey as a whole.
export function JourneySettings({ definition, isNew, onChange }: { definition: Definition; isNew: boolean; onChange: (change: Partial<Definition>) => void }) {
  const t = useTexts(texts);
  const exits = (definition['exit_on'] ?? []) as Occasion[];
  const categories = words(t, 'category', ['marketing', 'service', 'transactional']);
  const rails = (definition['guardrails'] ?? {}) as Guardrails;
  const setRail = (field: keyof Guardrails, value: number | undefined) => {
    const { [field]: _, ...others } = rails;
    const changed = value === undefined ? others : { ...others, [field]: value };
    onChange({ guardrails: Object.keys(changed).length > 0 ? changed : undefined });
  };
  return (
    <>
      <TextField label={t('name')} of="name" value={definition.name} onChange={(name) => onChange({ name })} />
      <TextField label={t('nameEn')} of="name_en" value={definition.name_en} onChange={(name_en) => onChange({ name_en: name_en || undefined })} />
      {isNew && <TextField label={t('id')} of="id" code value={definition.id} onChange={(id) => onChange({ id })} />}
      <GoalFields goal={definition['goal'] as Goal | undefined} onChange={(goal) => onChange({ goal })} />
      <Rows label={t('exitOn')} of="exit_on" rows={exits} most={30} make={() => ({ event: '' })} onChange={(changed) => onChange({ exit_on: changed.length > 0 ? changed : undefined })}>
        {(one, set) => <OccasionInput label={t('exitOn')} value={one} onChange={set} />}
      </Rows>
      <Field label={t('category')} of="category"><OpenSelect aria-label={t('category')} width="100%" allowClear value={definition['category'] as string | undefined} usual={Object.keys(categories)} nameOf={(one) => categories[one] ?? one} onChange={(category) => onChange({ category })} /></Field>
      <Field label={t('tags')} of="tags"><Select mode="tags" aria-label={t('tags')} style={{ width: '100%' }} maxCount={20} placeholder={t('tagsHint')} open={false} suffixIcon={null} value={(definition['tags'] ?? []) as string[]} onChange={(tags: string[]) => onChange({ tags: tags.length > 0 ? tags : undefined })} /></Field>
      <Competing definition={definition} onChange={onChange} />
      <MomentField label={t('start')} of="start" value={definition['start']} onChange={(start) => onChange({ start })} />
      <MomentField label={t('end')} of="end" value={definition['end']} onChange={(end) => onChange({ end })} />
      <Field label={t('zone')} of="zone"><ZoneSelect clearable label={t('zone')} width="100%" placeholder={t('usualZone')} value={definition['zone'] as string | undefined} onChange={(zone) => onChange({ zone })} /></Field>
      <ChoiceField label={t('onEnd')} of="on_end" value={definition['on_end'] ?? 'drain'} options={words(t, 'onEnd', ['drain', 'exit_all'])} onChange={(value) => onChange({ on_end: value })} />
      <DurationField label={t('maxDuration')} of="max_duration" value={definition['max_duration']} onChange={(value) => onChange({ max_duration: value })} />
      <NumberField label={t('budget')} of="budget" value={definition['budget']} onChange={(budget) => onChange({ budget })} />
      <NumberField label={t('budgetSends')} of="budget_sends" min={1} value={definition['budget_sends']} onChange={(value) => onChange({ budget_sends: value })} />
      <Field label={t('guardrails')} of="guardrails">
        <div className="rails">
          {([['failed_percent', 'railFailed', '%'], ['opted_out_percent', 'railOptedOut', '%'], ['spend', 'spend', ''], ['after', 'railAfter', '']] as const).map(([field, label, unit]) => (
            <InputNumber key={field} aria-label={t(label)} prefix={<span className="quiet">{t(label)}</span>} suffix={unit} min={field === 'after' ? 1 : 0} max={unit ? 100 : undefined} value={rails[field]} onChange={(value) => setRail(field, value ?? undefined)} />
          ))}
        </div>
      </Field>
      <NumberField label={t('sendsPerSecond')} of="sends_per_second" min={1} value={definition['sends_per_second']} onChange={(value) => onChange({ sends_per_second: value })} />
      <Pausing definition={definition} onChange={onChange} />
    </>
  );
}

interface Props { definition: Definition; onChange: (change: Partial<Definition>) => void }

// Which of several messages a customer gets when not all may go.
function Competing({ definition, onChange }: Props) {
  const t = useTexts(texts);
  const value = definition['value'] as number | { attribute: string } | undefined;
  const by = value === undefined ? 'none' : typeof value === 'number' ? 'number' : 'attribute';
  return (
    <>
      <NumberField label={t('priority')} of="priority" max={100} value={definition['priority']} onChange={(priority) => onChange({ priority })} />
      <Group title={t('competing')} of={['mandatory', 'value']} set={definition['mandatory'] !== undefined || value !== undefined}>
        <FlagField label={t('mandatory')} of="mandatory" value={definition['mandatory']} onChange={(mandatory) => onChange({ mandatory })} />
        <ChoiceField label={t('worth')} of={by === 'none' ? 'value' : ''} value={by} options={words(t, 'worth', ['none', 'number', 'attribute'])} onChange={(next) => onChange({ value: { none: undefined, number: 1, attribute: { attribute: '' } }[next] })} />
        {typeof value === 'number' && <NumberField label={t('worth_number')} of="value" value={value} onChange={(number) => onChange({ value: number ?? 0 })} />}
        {typeof value === 'object' && <PropertyField label={t('worth_attribute')} of="value.attribute" value={value.attribute} onChange={(attribute) => onChange({ value: { attribute: attribute ?? '' } })} />}
      </Group>
    </>
  );
}

const kPausing = ['clock_while_paused', 'entry_while_paused', 'queue_limit', 'resume_per_second', 'max_lateness', 'on_late'] as const;

// What a pause does to waits and entries, and what becomes of waits that end too late after it.
function Pausing({ definition, onChange }: Props) {
  const t = useTexts(texts);
  const onLate = String(definition['on_late'] ?? 'go_on');
  return (
    <Group title={t('pausing')} of={kPausing} set={kPausing.some((field) => definition[field] !== undefined)}>
      <ChoiceField label={t('pausedClock')} of="clock_while_paused" value={definition['clock_while_paused'] ?? 'runs'} options={words(t, 'pausedClock', ['runs', 'frozen'])} onChange={(value) => onChange({ clock_while_paused: value })} />
      <ChoiceField label={t('pausedEntry')} of="entry_while_paused" value={definition['entry_while_paused'] ?? 'discard'} options={words(t, 'pausedEntry', ['discard', 'queue'])} onChange={(value) => onChange({ entry_while_paused: value, queue_limit: value === 'queue' ? definition['queue_limit'] : undefined })} />
      {definition['entry_while_paused'] === 'queue' && <NumberField label={t('queueLimit')} of="queue_limit" min={1} value={definition['queue_limit']} onChange={(value) => onChange({ queue_limit: value })} />}
      <NumberField label={t('resumePerSecond')} of="resume_per_second" min={1} value={definition['resume_per_second']} onChange={(value) => onChange({ resume_per_second: value })} />
      <ChoiceField label={t('onLate')} of="on_late" value={onLate} options={words(t, 'onLate', ['go_on', 'next_time', 'exit'])} onChange={(next) => onChange(next === 'go_on' ? { on_late: undefined, max_lateness: undefined } : { on_late: next, max_lateness: definition['max_lateness'] ?? '2h' })} />
      {onLate !== 'go_on' && <DurationField label={t('maxLateness')} of="max_lateness" value={definition['max_lateness']} onChange={(value) => onChange({ max_lateness: value })} />}
    </Group>
  );
}
