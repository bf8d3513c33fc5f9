import { Input, InputNumber, Select } from 'antd';
import { useTexts } from '../../../lib/texts';
import { DurationInput } from '../../../ui/DurationInput';
import type { Definition } from '../core/definition';
import { ChoiceField, DurationField, Field, FlagField, MomentInput, Rows, words } from '../fields';
import { texts } from '../texts';

interface OwnText { node: string; step?: number; text: string }
export interface Wave { percent?: number; number?: number; rank?: number; start?: string; after?: string; texts?: OwnText[] }
export interface Waves { each?: Wave[]; every?: string; remainder?: string; exclude?: string[]; no_overlap?: boolean }

const kSizes = ['percent', 'number', 'rank'] as const;
const kExcluded = ['converted', 'exited', 'capped'] as const;

const sizeOf = (wave: Wave) => kSizes.find((size) => wave[size] !== undefined) ?? 'percent';

// What a wave is told otherwise than the others: at a message, of a chain at a step of it.
function OwnTexts({ rows, nodes, onChange }: { rows: OwnText[]; nodes: Definition['nodes']; onChange: (rows: OwnText[] | undefined) => void }) {
  const t = useTexts(texts);
  const messages = nodes.filter(({ type }) => type === 'send' || type === 'chain');
  const steps = (id: string) => messages.find((node) => node.id === id)?.steps?.length ?? 0;
  return (
    <Rows<OwnText> label={t('waveTexts')} of="" rows={rows} most={500} make={() => ({ node: messages[0]?.id ?? '', text: '' })} onChange={(changed) => onChange(changed.length > 0 ? changed : undefined)}>
      {(row, change) => (
        <>
          <Select aria-label={t('waveTextNode')} style={{ width: '100%' }} value={row.node || undefined} onChange={(node) => change({ node, step: undefined })} options={messages.map(({ id, type, note }) => ({ value: id, label: `${note || t(`kind_${type}`)} ${id}` }))} />
          {steps(row.node) > 1 && <InputNumber aria-label={t('waveTextStep')} prefix={<span className="quiet">{t('waveTextStep')}</span>} style={{ width: '100%' }} min={1} max={steps(row.node)} precision={0} value={row.step ?? 1} onChange={(step) => change({ step: step ?? undefined })} />}
          <Input.TextArea aria-label={t('waveText')} rows={2} value={row.text} onChange={(event) => change({ text: event.target.value })} />
        </>
      )}
    </Rows>
  );
}

// Whom a run is for, by parts that come in one after the other; without parts all come at once. Of what comes
// but `once` each part may begin at a moment of its own.
export function WavesFields({ waves, once, nodes, onChange }: { waves: Waves; once: boolean; nodes: Definition['nodes']; onChange: (waves: Waves | undefined) => void }) {
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
              {(once || wave.start) && <MomentInput label={t('waveStart')} value={wave.start} onChange={(start) => change(start ? { start, after: undefined } : { start })} />}
              {!wave.start && <div className="row"><span className="quiet">{t('waveAfter')}</span><DurationInput label={t('waveAfter')} value={wave.after} onChange={(after) => change({ after })} /></div>}
              <OwnTexts rows={wave.texts ?? []} nodes={nodes} onChange={(own) => change({ texts: own })} />
            </>
          );
        }}
      </Rows>
      {each.length > 0 && (
        <>
          <DurationField label={t('wavesEvery')} of="entry.waves.every" value={waves.every} onChange={(every) => set({ every })} />
          <ChoiceField label={t('wavesRest')} of="entry.waves.remainder" value={waves.remainder ?? 'last'} options={words(t, 'wavesRest', ['last', 'drop'])} onChange={(remainder) => set({ remainder })} />
          <FlagField label={t('wavesOverlap')} of="entry.waves.no_overlap" value={waves.no_overlap} onChange={(value) => set({ no_overlap: value })} />
          <Field label={t('wavesExclude')} of="entry.waves.exclude"><Select mode="multiple" aria-label={t('wavesExclude')} style={{ width: '100%' }} value={waves.exclude ?? []} options={kExcluded.map((one) => ({ value: one, label: t(`wavesExclude_${one}`) }))} onChange={(exclude) => set({ exclude: exclude.length > 0 ? exclude : undefined })} /></Field>
        </>
      )}
    </>
  );
}
