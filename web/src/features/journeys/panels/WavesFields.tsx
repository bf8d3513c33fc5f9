import { InputNumber, Select } from 'antd';
import { useTexts } from '../../../lib/texts';
import { DurationInput } from '../../../ui/DurationInput';
import { ChoiceField, DurationField, Field, Rows, words } from '../fields';
import { texts } from '../texts';

export interface Wave { percent?: number; number?: number; rank?: number; after?: string; [rest: string]: unknown }
export interface Waves { each?: Wave[]; every?: string; remainder?: string; exclude?: string[]; no_overlap?: boolean }

const kSizes = ['percent', 'number', 'rank'] as const;
const kExcluded = ['converted', 'exited', 'capped'] as const;

const sizeOf = (wave: Wave) => kSizes.find((size) => wave[size] !== undefined) ?? 'percent';

// Whom a run is for, by parts that come in one after the other; without parts all come at once.
export function WavesFields({ waves, onChange }: { waves: Waves; onChange: (waves: Waves | undefined) => void }) {
  const t = useTexts(texts);
  const each = waves.each ?? [];
  const set = (change: Partial<Waves>) => {
    const next = { ...waves, ...change };
    onChange(next.each?.length ? next : undefined);
  };
  return (
    <>
      <Rows<Wave> label={t('waves')} of="entry.waves.each" rows={each} most={100} make={() => ({ percent: 10 })} onChange={(next) => set({ each: next, every: waves.every ?? '1d' })}>
        {(wave, change) => {
          const size = sizeOf(wave);
          return (
            <>
              <Select aria-label={t('waveBy')} style={{ width: '100%' }} value={size} options={kSizes.map((one) => ({ value: one, label: t(`waveBy_${one}`) }))} onChange={(next) => change({ [size]: undefined, [next]: wave[size] })} />
              <InputNumber aria-label={t(`waveBy_${size}`)} style={{ width: '100%' }} suffix={size === 'percent' ? '%' : undefined} value={wave[size]} onChange={(value) => change({ [size]: value ?? 0 })} />
              <DurationInput label={t('waveAfter')} value={wave.after} onChange={(after) => change({ after: after || undefined })} />
            </>
          );
        }}
      </Rows>
      {each.length > 0 && (
        <>
          <DurationField label={t('wavesEvery')} of="entry.waves.every" value={waves.every} onChange={(every) => set({ every: every || undefined })} />
          <ChoiceField label={t('wavesRest')} of="entry.waves.remainder" value={waves.remainder ?? 'last'} options={words(t, 'wavesRest', ['last', 'drop'])} onChange={(remainder) => set({ remainder })} />
          <ChoiceField label={t('wavesOverlap')} of="entry.waves.no_overlap" value={String(waves.no_overlap ?? false)} options={words(t, 'wavesOverlap', ['false', 'true'])} onChange={(value) => set({ no_overlap: value === 'true' || undefined })} />
          <Field label={t('wavesExclude')} of="entry.waves.exclude"><Select mode="multiple" aria-label={t('wavesExclude')} style={{ width: '100%' }} value={waves.exclude ?? []} options={kExcluded.map((one) => ({ value: one, label: t(`wavesExclude_${one}`) }))} onChange={(exclude) => set({ exclude: exclude.length > 0 ? exclude : undefined })} /></Field>
        </>
      )}
    </>
  );
}
