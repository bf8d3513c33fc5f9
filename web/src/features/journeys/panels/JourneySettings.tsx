import { Input, InputNumber } from 'antd';
import { useTexts } from '../../../lib/texts';
import { EventSelect } from '../../../ui/EventSelect';
import { OpenSelect } from '../../../ui/OpenSelect';
import type { Definition, Guardrails, Occasion } from '../core/definition';
import { ChoiceField, DurationField, Field, MomentField, NumberField, OccasionInput, Rows, TextField, words } from '../fields';
import { texts } from '../texts';

// What holds for the journey as a whole.
export function JourneySettings({ definition, isNew, onChange }: { definition: Definition; isNew: boolean; onChange: (change: Partial<Definition>) => void }) {
  const t = useTexts(texts);
  const goal = definition['goal'] as Record<string, unknown> | undefined;
  const exits = (definition['exit_on'] ?? []) as Occasion[];
  const categories = words(t, 'category', ['marketing', 'service', 'transactional']);
  const setGoal = (change: Record<string, unknown>) => {
    const changed = Object.fromEntries(Object.entries({ ...goal, ...change }).filter(([, value]) => value !== undefined && value !== ''));
    onChange({ goal: Object.keys(changed).length > 0 ? changed : undefined });
  };
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
      <Field label={t('goal')} of="goal.event">
        <div className="row"><EventSelect any={false} label={t('goal')} value={String(goal?.['event'] ?? '')} onChange={(event) => setGoal({ event })} /></div>
        <Input aria-label={`${t('goal')} ${t('where')}`} className="code" placeholder={t('whereHint')} value={String(goal?.['where'] ?? '')} onChange={(event) => setGoal({ where: event.target.value })} />
      </Field>
      {goal && <ChoiceField label={t('credit')} of="goal.credit" value={goal['credit'] ?? 'last_touch'} options={words(t, 'credit', ['last_touch', 'last_engaged', 'first_touch', 'linear'])} onChange={(credit) => setGoal({ credit })} />}
      <Rows label={t('exitOn')} of="exit_on" rows={exits} most={30} make={() => ({ event: '' })} onChange={(changed) => onChange({ exit_on: changed.length > 0 ? changed : undefined })}>
        {(one, set) => <OccasionInput label={t('exitOn')} value={one} onChange={set} />}
      </Rows>
      <NumberField label={t('priority')} of="priority" max={100} value={definition['priority']} onChange={(priority) => onChange({ priority })} />
      <Field label={t('category')} of="category"><OpenSelect aria-label={t('category')} width="100%" allowClear value={definition['category'] as string | undefined} usual={Object.keys(categories)} nameOf={(one) => categories[one] ?? one} onChange={(category) => onChange({ category })} /></Field>
      <MomentField label={t('start')} of="start" value={definition['start']} onChange={(start) => onChange({ start })} />
      <MomentField label={t('end')} of="end" value={definition['end']} onChange={(end) => onChange({ end })} />
      <ChoiceField label={t('onEnd')} of="on_end" value={definition['on_end'] ?? 'drain'} options={words(t, 'onEnd', ['drain', 'exit_all'])} onChange={(value) => onChange({ on_end: value })} />
      <DurationField label={t('maxDuration')} of="max_duration" value={definition['max_duration']} onChange={(value) => onChange({ max_duration: value })} />
      <NumberField label={t('budget')} of="budget" value={definition['budget']} onChange={(budget) => onChange({ budget })} />
      <Field label={t('guardrails')} of="guardrails">
        <div className="rails">
          {([['failed_percent', 'railFailed', '%'], ['opted_out_percent', 'railOptedOut', '%'], ['spend', 'spend', ''], ['after', 'railAfter', '']] as const).map(([field, label, unit]) => (
            <InputNumber key={field} aria-label={t(label)} prefix={<span className="quiet">{t(label)}</span>} suffix={unit} min={field === 'after' ? 1 : 0} max={unit ? 100 : undefined} value={rails[field]} onChange={(value) => setRail(field, value ?? undefined)} />
          ))}
        </div>
      </Field>
      <NumberField label={t('sendsPerSecond')} of="sends_per_second" min={1} value={definition['sends_per_second']} onChange={(value) => onChange({ sends_per_second: value })} />
    </>
  );
}
