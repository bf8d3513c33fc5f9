import { Button, Select } from 'antd';
import { CloseOutlined } from '@ant-design/icons';
import { useNames } from '../../api/names';
import { useTexts, type Say } from '../../lib/texts';
import { Choice } from './Choice';
import { CommonFields } from './CommonFields';
import type { TrendsAnswer } from './core/answer';
import { isIn, type Fault } from './core/fault';
import { firstTrends, kCounts, kOfProperty, type Measure, type TrendsQuestion } from './core/question';
import { FaultLine } from './FaultLine';
import { Field } from './Field';
import { PickedEditor } from './PickedEditor';
import { trendsTable } from './tables';
import { texts, type AnalysisKey } from './texts';
import { trendsPicture, TrendsResult } from './TrendsResult';
import { useQuestion } from './useQuestion';
import { useWords } from './useWords';
import { Workbench } from './Workbench';

const named = (t: Say<AnalysisKey>, prefix: string, names: readonly string[]) => Object.fromEntries(names.map((name) => [name, t(`${prefix}_${name}` as AnalysisKey)]));

// "count", or "sum amount".
function MeasureSelect({ measure, onChange }: { measure: Measure; onChange: (measure: Measure) => void }) {
  const t = useTexts(texts);
  const names = useNames();
  const numeric = names.properties.filter(({ type }) => type === 'int' || type === 'double' || type === 'decimal');
  const { property: _, ...bare } = measure;
  const change = (kind: string) => {
    if ((kCounts as readonly string[]).includes(kind)) return onChange({ ...bare, measure: kind });
    onChange({ ...measure, measure: kind, property: measure.property ?? numeric[0]?.name });
  };
  return (
    <>
      <Choice label={t('measures')} width={112} value={measure.measure} options={named(t, 'm', [...kCounts, ...(numeric.length > 0 ? kOfProperty : [])])} onChange={change} />
      {measure.property !== undefined && (
        <Select aria-label={t('property')} style={{ width: 110 }} popupMatchSelectWidth={200} value={measure.property} onChange={(property: string) => onChange({ ...measure, property })}
          options={(measure.measure === 'distinct' ? names.properties : numeric).map(({ name }) => ({ value: name, label: names.property(name) }))} />
      )}
    </>
  );
}

function Builder({ question, fault, onChange }: { question: TrendsQuestion; fault: Fault | undefined; onChange: (question: TrendsQuestion) => void }) {
  const t = useTexts(texts);
  const { measures } = question;
  const set = (index: number, measure: Measure) => onChange({ ...question, measures: measures.map((old, i) => (i === index ? measure : old)) });
  const free = () => `m${Math.max(0, ...measures.map(({ name }) => Number(name.slice(1)) || 0)) + 1}`;
  return (
    <>
      <Field label={t('measures')}>
        {measures.map((measure, index) => (
          <div key={measure.name}>
            <PickedEditor label={t('event')} value={measure.of} path={`measures[${index}].of`} fault={fault} onChange={(of) => set(index, { ...measure, of })}
              after={(
                <>
                  <MeasureSelect measure={measure} onChange={(changed) => set(index, changed)} />
                  {measures.length > 1 && <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={() => onChange({ ...question, measures: measures.filter((_, i) => i !== index) })} />}
                </>
              )} />
            {isIn(fault, `measures[${index}]`) && !isIn(fault, `measures[${index}].of`) && <FaultLine fault={fault} />}
          </div>
        ))}
        {measures.length < 5 && <Button type="dashed" size="small" style={{ alignSelf: 'flex-start' }} onClick={() => onChange({ ...question, measures: [...measures, { name: free(), of: '*', measure: 'count' }] })}>+ {t('addMeasure')}</Button>}
      </Field>
      <Field label={t('interval')}>
        <div className="row"><Choice label={t('interval')} value={question.interval} options={named(t, 'i', ['hour', 'day', 'week', 'month'])} onChange={(interval) => onChange({ ...question, interval })} width={110} /></div>
        {isIn(fault, 'interval') && <FaultLine fault={fault} />}
      </Field>
      <CommonFields question={question} fault={fault} onChange={onChange} />
      <Field label={t('compare')}>
        <Choice label={t('compare')} value={question.compare ?? ''} options={{ '': t('c_none'), ...named(t, 'c', ['previous', 'last_week', 'last_month', 'last_year']) }} onChange={(compare) => onChange({ ...question, compare: compare || undefined })} />
        {isIn(fault, 'compare') && <FaultLine fault={fault} />}
      </Field>
    </>
  );
}

export default function TrendsPage() {
  const work = useQuestion<TrendsQuestion, TrendsAnswer>('trends', (_, zone) => firstTrends(zone));
  const words = useWords();
  return (
    <Workbench title="trends" note="trendsNote" work={work} table={(answer, asked) => trendsTable(answer, asked, words)} picture={(answer, asked) => trendsPicture(answer, asked, words)} builder={work.draft && <Builder question={work.draft} fault={work.fault} onChange={work.setDraft} />}>
      {(answer, asked) => <TrendsResult answer={answer} question={asked} />}
    </Workbench>
  );
}
