import { useState } from 'react';
import { Button, Input, InputNumber, Select } from 'antd';
import { ArrowUpOutlined, CloseOutlined, CodeOutlined, FilterOutlined, PlusOutlined } from '@ant-design/icons';
import type { Making } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { RuleFields } from '../../rules/RuleFields';
import { PropertySelect } from '../../ui/PropertySelect';
import { changed, layersOf, numbersOf, textOf, wordsOf, type Kind, type Layer } from './core/making';
import { texts } from './texts';

interface Props { make: Making; onChange: (make: Making) => void }

const kMostLayers = 1_000;
const kTypes = ['string', 'number', 'bool', 'datetime', 'list'] as const;

function Eql({ label, hint, value, onChange }: { label: string; hint: string; value: string; onChange: (value: string) => void }) {
  return <Input.TextArea aria-label={label} className="code" rows={2} spellCheck={false} placeholder={hint} value={value} onChange={(event) => onChange(event.target.value)} />;
}

function Layers({ make, onChange }: Props) {
  const t = useTexts(texts);
  const layers = layersOf(make);
  const set = (next: Layer[]) => onChange({ ...make, layers: next });
  const put = (at: number, change: Partial<Layer>) => set(layers.map((layer, i) => (i === at ? { ...layer, ...change } : layer)));
  const [clicked, setClicked] = useState<number>(); // the one whose rule is built by clicking
  const move = (next: Layer[]) => { setClicked(undefined); set(next); };
  return (
    <div className="stack tight">
      {layers.map((layer, at) => (
        <div key={at} className="layer">
          <Input aria-label={`${t('value')} ${at + 1}`} placeholder={t('value')} value={layer.value} onChange={(event) => put(at, { value: event.target.value })} />
          {clicked === at
            ? <p className="quiet">{t('byClickingBelow')}</p>
            : <Eql label={`${t('rule')} ${at + 1}`} hint={t('ruleHint')} value={layer.eql} onChange={(eql) => put(at, { eql })} />}
          <Button type="text" size="small" aria-label={`${t('byClicking')} ${at + 1}`} title={t('byClicking')} aria-pressed={clicked === at} icon={clicked === at ? <CodeOutlined /> : <FilterOutlined />} onClick={() => setClicked(clicked === at ? undefined : at)} />
          <Button type="text" size="small" aria-label={`${t('earlier')} ${at + 1}`} disabled={at === 0} icon={<ArrowUpOutlined />} onClick={() => move(layers.map((one, i) => (i === at - 1 ? layer : i === at ? layers[at - 1]! : one)))} />
          <Button type="text" size="small" aria-label={`${t('remove')} ${at + 1}`} disabled={layers.length === 1} icon={<CloseOutlined />} onClick={() => move(layers.filter((_, i) => i !== at))} />
          {clicked === at && <RuleFields label={`${t('rule')} ${at + 1}`} eql={layer.eql} onChange={(eql) => put(at, { eql })} />}
        </div>
      ))}
      <div className="bar">
        <Button type="dashed" size="small" icon={<PlusOutlined />} disabled={layers.length >= kMostLayers} onClick={() => set([...layers, { value: '', eql: '' }])}>{t('addLayer')}</Button>
        <Input aria-label={t('otherwise')} prefix={<span className="quiet">{t('otherwise')}</span>} placeholder={t('noValue')} style={{ width: 220 }} value={textOf(make['otherwise'])} onChange={(event) => onChange(changed(make, { otherwise: event.target.value }))} />
      </div>
    </div>
  );
}

// A number may be named by bands: labels between edges.
function Value({ make, onChange }: Props) {
  const t = useTexts(texts);
  const bands = make['bands'] as { edges?: number[]; labels?: string[] } | undefined;
  const [edges, setEdges] = useState((bands?.edges ?? []).join(', '));
  const [labels, setLabels] = useState((bands?.labels ?? []).join(', '));
  const say = (nextEdges: string, nextLabels: string) => {
    setEdges(nextEdges);
    setLabels(nextLabels);
    onChange(changed(make, { bands: nextEdges === '' && nextLabels === '' ? undefined : { edges: numbersOf(nextEdges) ?? nextEdges, labels: wordsOf(nextLabels) } }));
  };
  return (
    <div className="stack tight">
      <Eql label={t('operand')} hint="DID(purchase_success) LAST 90 DAYS SUM(amount)" value={textOf(make['of'])} onChange={(of) => onChange(changed(make, { of }))} />
      <div className="row">
        <Input aria-label={t('edges')} placeholder={t('edgesHint')} style={{ flex: 1 }} value={edges} onChange={(event) => say(event.target.value, labels)} />
        <Input aria-label={t('labels')} placeholder={t('labelsHint')} style={{ flex: 1 }} value={labels} onChange={(event) => say(edges, event.target.value)} />
      </div>
      <p className="quiet">{t('bandsHint')}</p>
    </div>
  );
}

function Preference({ make, onChange }: Props) {
  const t = useTexts(texts);
  return (
    <div className="stack tight">
      <Eql label={t('events')} hint="DID(purchase_success) LAST 180 DAYS" value={textOf(make['events'])} onChange={(events) => onChange(changed(make, { events }))} />
      <div className="row">
        <PropertySelect label={t('mostOf')} width={200} value={textOf(make['property'])} onChange={(property) => onChange(changed(make, { property }))} />
        <PropertySelect label={t('bySum')} width={200} value={textOf(make['sum'])} onChange={(sum) => onChange(changed(make, { sum }))} />
        <InputNumber aria-label={t('top')} min={1} max={20} prefix={<span className="quiet">{t('top')}</span>} style={{ width: 130 }} value={(make['top'] as number | undefined) ?? 1} onChange={(top) => onChange(changed(make, { top: top && top > 1 ? top : undefined }))} />
      </div>
    </div>
  );
}

// As it is written; the server says what is wrong with it.
function Written({ make, onChange }: Props) {
  const t = useTexts(texts);
  const [text, setText] = useState(() => JSON.stringify(make, null, 2));
  const [broken, setBroken] = useState(false);
  const read = (next: string) => {
    setText(next);
    try {
      onChange(JSON.parse(next) as Making);
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return <><Input.TextArea aria-label={t('making')} className="code" rows={12} spellCheck={false} value={text} onChange={(event) => read(event.target.value)} />{broken && <p className="fault">{t('notJson')}</p>}</>;
}

export function MakingEditor({ make, onChange }: Props) {
  const t = useTexts(texts);
  const kind = make.kind as Kind;
  if (kind === 'rule') return <RuleFields label={t('rule')} eql={textOf(make['eql'])} onChange={(eql) => onChange(changed(make, { eql }))} />;
  if (kind === 'layers') return <Layers make={make} onChange={onChange} />;
  if (kind === 'value') return <Value make={make} onChange={onChange} />;
  if (kind === 'preference') return <Preference make={make} onChange={onChange} />;
  if (kind === 'uploaded') return <Select aria-label={t('type')} style={{ width: 200 }} value={textOf(make['type'])} onChange={(type: string) => onChange({ ...make, type })} options={kTypes.map((value) => ({ value, label: t(`type_${value}`) }))} />;
  return <Written key={kind} make={make} onChange={onChange} />;
}
