import { Input, InputNumber } from 'antd';
import { useTexts } from '../../lib/texts';
import type { Sample } from '../core/rule';
import { texts } from '../texts';

export function SampleEditor({ leaf, onChange }: { leaf: Sample; onChange: (leaf: Sample) => void }) {
  const t = useTexts(texts);
  return (
    <>
      <span>{t('sampleOf')}</span>
      <InputNumber aria-label={t('share')} min={0.01} max={100} suffix="%" style={{ width: 92 }} value={leaf.sample} onChange={(sample) => onChange({ ...leaf, sample: sample ?? 1 })} />
      <span className="quiet">{t('seed')}</span>
      <Input aria-label={t('seed')} style={{ width: 90 }} maxLength={40} value={leaf.seed ?? ''} onChange={(event) => onChange({ ...leaf, seed: event.target.value })} />
    </>
  );
}
