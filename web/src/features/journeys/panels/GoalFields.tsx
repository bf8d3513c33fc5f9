import { useTexts } from '../../../lib/texts';
import type { Happening, Occasion } from '../core/definition';
import { ChoiceField, DurationField, Field, Group, HappeningField, OccasionInput, PropertyField, words } from '../fields';
import { texts } from '../texts';

export type Goal = Occasion & { count?: string; credit?: string; value?: string; unique?: string; reversal?: Happening; window?: string };

const kMore = ['count', 'credit', 'value', 'unique', 'reversal', 'window'] as const;

// What the journey is for, and how it is counted.
export function GoalFields({ goal, onChange }: { goal: Goal | undefined; onChange: (goal: Goal | undefined) => void }) {
  const t = useTexts(texts);
  // A condition that is not written yet is a goal all the same.
  const set = (change: Partial<Goal>) => {
    const changed = Object.entries({ ...goal, ...change }).filter(([name, value]) => value !== undefined && (value !== '' || name === 'when'));
    onChange(changed.length > 0 ? (Object.fromEntries(changed) as Goal) : undefined);
  };
  const byEvent = goal?.when === undefined;
  return (
    <>
      <Field label={t('goal')} of={['goal.event', 'goal.where', 'goal.when']}>
        <OccasionInput label={t('goal')} value={goal ?? {}} onChange={(changed) => set(changed.when === undefined ? changed : { ...changed, unique: undefined, reversal: undefined })} />
      </Field>
      {goal && (
        <Group title={t('goalHow')} of={kMore.map((name) => `goal.${name}`)} set={kMore.some((name) => goal[name] !== undefined)}>
          <ChoiceField label={t('goalCount')} of="goal.count" value={goal.count ?? 'once'} options={words(t, 'goalCount', ['once', 'every'])} onChange={(count) => set({ count })} />
          <ChoiceField label={t('credit')} of="goal.credit" value={goal.credit ?? 'last_touch'} options={words(t, 'credit', ['last_touch', 'last_engaged', 'first_touch', 'linear'])} onChange={(credit) => set({ credit })} />
          <PropertyField label={t(byEvent ? 'goalValue' : 'goalValueOf')} of="goal.value" value={goal.value} onChange={(value) => set({ value })} />
          {byEvent && <PropertyField label={t('goalUnique')} of="goal.unique" value={goal.unique} onChange={(unique) => set({ unique })} />}
          {byEvent && <HappeningField optional label={t('goalReversal')} of="goal.reversal" value={goal.reversal} onChange={(reversal) => set({ reversal: reversal === '' ? undefined : reversal })} />}
          <DurationField label={t('goalWindow')} of="goal.window" value={goal.window} onChange={(window) => set({ window })} />
        </Group>
      )}
    </>
  );
}
