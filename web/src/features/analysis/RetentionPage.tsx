import { InputNumber } from 'antd';
import { useTexts } from '../../lib/texts';
import { Choice } from './Choice';
import { CommonFields } from './CommonFields';
import type { RetentionAnswer } from './core/answer';
import { isIn, type Fault } from './core/fault';
import { firstRetention, type RetentionQuestion } from './core/question';
import { FaultLine } from './FaultLine';
import { Field } from './Field';
import { PickedEditor } from './PickedEditor';
import { retentionPicture, RetentionResult } from './RetentionResult';
import { retentionTable } from './tables';
import { texts } from './texts';
import { useQuestion } from './useQuestion';
import { useWords } from './useWords';
import { Workbench } from './Workbench';

function Builder({ question, fault, onChange }: { question: RetentionQuestion; fault: Fault | undefined; onChange: (question: RetentionQuestion) => void }) {
  const t = useTexts(texts);
  return (
    <>
      <Field label={t('start')}><PickedEditor label={t('start')} value={question.start} path="start" fault={fault} onChange={(start) => onChange({ ...question, start })} /></Field>
      <Field label={t('return')}><PickedEditor label={t('return')} value={question.return} path="return" fault={fault} onChange={(changed) => onChange({ ...question, return: changed })} /></Field>
      <Field label={t('unit')}>
        <div className="row">
          <Choice label={t('unit')} width={90} value={question.unit} options={{ day: t('u_day'), week: t('u_week'), month: t('u_month') }} onChange={(unit) => onChange({ ...question, unit })} />
          <InputNumber aria-label={t('periods')} min={1} max={60} value={question.periods} onChange={(periods) => onChange({ ...question, periods: periods ?? 1 })} suffix={t('periods')} style={{ width: 120 }} />
        </div>
        {(isIn(fault, 'unit') || isIn(fault, 'periods')) && <FaultLine fault={fault} />}
      </Field>
      <Field label={t('cohort')}>
        <Choice label={t('cohort')} width={200} value={question.cohort ?? 'recurring'} options={{ recurring: t('k_recurring'), first_time: t('k_first_time') }} onChange={(cohort) => onChange({ ...question, cohort: cohort === 'recurring' ? undefined : cohort })} />
      </Field>
      <Field label={t('counted')}>
        <Choice label={t('counted')} value={question.counted ?? 'on'} options={{ on: t('n_on'), on_or_after: t('n_on_or_after'), streak: t('n_streak') }} onChange={(counted) => onChange({ ...question, counted: counted === 'on' ? undefined : counted })} />
      </Field>
      <CommonFields question={question} fault={fault} onChange={onChange} />
    </>
  );
}

export default function RetentionPage() {
  const work = useQuestion<RetentionQuestion, RetentionAnswer>('retention', firstRetention);
  const words = useWords();
  return (
    <Workbench title="retention" note="retentionNote" work={work} table={(answer, asked) => retentionTable(answer, asked, words)} picture={(answer, asked) => retentionPicture(answer, asked, words)} builder={work.draft && <Builder question={work.draft} fault={work.fault} onChange={work.setDraft} />}>
      {(answer, asked) => <RetentionResult answer={answer} question={asked} />}
    </Workbench>
  );
}
