import { Button, DatePicker, Select } from 'antd';
import { CloseOutlined } from '@ant-design/icons';
import dayjs from 'dayjs';
import { useNames } from '../../api/names';
import { useSegments, useTagNames } from '../../api/queries';
import { labelOf } from '../../lib/label';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { isIn, type Fault } from './core/fault';
import { fieldKey, fieldOf, inSegment, portraitOf, segmentOf, type PortraitAnswer, type PortraitField, type PortraitQuestion } from './core/portrait';
import { FaultLine } from './FaultLine';
import { Field } from './Field';
import { PortraitResult, usePortraitNames } from './PortraitResult';
import { portraitTable } from './tables';
import { texts } from './texts';
import { useQuestion } from './useQuestion';
import { useWords } from './useWords';
import { Workbench } from './Workbench';

const kMostGroups = 5;
const kMostCrosses = 10;

type Option = { value: string; label: string; words: string[] };
const search = { filterOption: (typed: string, option: unknown) => fit(typed, (option as Option | undefined)?.words ?? []) > 0 };

function useOptions() {
  const language = useLanguage();
  const names = useNames();
  const t = useTexts(texts);
  const segments = (useSegments().data?.items ?? []).map((one): Option => ({ value: one.id, label: labelOf(one, language), words: [one.id, one.name_zh ?? '', one.name_en ?? ''] }));
  const tags = (useTagNames().data?.items ?? []).filter(({ last_day: day, state }) => day !== undefined && (state === 'live' || state === 'certified' || state === 'frozen'));
  const fields = [
    { label: t('customerProperty'), options: names.properties.map(({ name, zh, en }): Option => ({ value: `customer ${name}`, label: names.property(name), words: [name, zh ?? '', en ?? ''] })) },
    { label: t('tagField'), options: tags.map((tag): Option => ({ value: `tag ${tag.id}`, label: labelOf(tag, language), words: [tag.id, tag.name_zh ?? '', tag.name_en ?? ''] })) },
  ];
  return { segments, fields };
}

function Crosses({ cross, fields, onChange }: { cross: [PortraitField, PortraitField][]; fields: ReturnType<typeof useOptions>['fields']; onChange: (cross: [PortraitField, PortraitField][]) => void }) {
  const t = useTexts(texts);
  const first = fields.flatMap(({ options }) => options).slice(0, 2).map(({ value }) => fieldOf(value));
  return (
    <>
      {cross.map((pair, i) => (
        <div className="row" key={i} style={{ flexWrap: 'nowrap' }}>
          {([0, 1] as const).map((side) => <Select key={side} aria-label={`${t('cross')} ${i + 1}.${side + 1}`} showSearch={search} options={fields} value={fieldKey(pair[side])} style={{ flex: 1, minWidth: 0 }} popupMatchSelectWidth={240}
            onChange={(value: string) => onChange(cross.map((old, at) => (at === i ? (side === 0 ? [fieldOf(value), old[1]] : [old[0], fieldOf(value)]) : old)))} />)}
          <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={() => onChange(cross.filter((_, at) => at !== i))} />
        </div>
      ))}
      {cross.length < kMostCrosses && <Button type="dashed" size="small" style={{ alignSelf: 'flex-start' }} disabled={first.length < 2} onClick={() => onChange([...cross, [first[0]!, first[1]!]])}>+ {t('addCross')}</Button>}
    </>
  );
}

function Builder({ question, fault, onChange }: { question: PortraitQuestion; fault: Fault | undefined; onChange: (question: PortraitQuestion) => void }) {
  const t = useTexts(texts);
  const { segments, fields } = useOptions();
  const ids = question.groups.filter(({ values_at: at }) => !at).map(({ name }) => name);
  const before = question.groups.find(({ values_at: at }) => at)?.values_at;
  const change = (next: string[], day: string | undefined) => {
    const groups = portraitOf(next).groups;
    onChange({ ...question, groups: day && groups.length === 1 ? [...groups, { ...groups[0]!, values_at: day }] : groups });
  };
  return (
    <>
      <Field label={t('groups')}>
        <Select mode="multiple" maxCount={kMostGroups} aria-label={t('groups')} placeholder={t('chooseSegments')} showSearch={search} options={segments} value={ids} onChange={(next: string[]) => change(next, before)} />
        {isIn(fault, 'groups') && <FaultLine fault={fault} />}
      </Field>
      {ids.length === 1 && <Field label={t('before')}><DatePicker aria-label={t('before')} placeholder={t('beforeHint')} value={before ? dayjs(before) : null} onChange={(day) => change(ids, day?.format('YYYY-MM-DD'))} /></Field>}
      <Field label={t('base')}>
        <Select allowClear aria-label={t('base')} placeholder={t('everyone')} showSearch={search} options={segments} value={segmentOf(question.who)} onChange={(id?: string) => onChange({ ...question, who: id ? inSegment(id) : undefined })} />
        {isIn(fault, 'who') && <FaultLine fault={fault} />}
      </Field>
      <Field label={t('fields')}>
        <Select mode="multiple" aria-label={t('fields')} placeholder={t('allFields')} showSearch={search} options={fields} value={(question.by ?? []).map(fieldKey)} onChange={(keys: string[]) => onChange({ ...question, by: keys.map(fieldOf) })} />
        {isIn(fault, 'by') && <FaultLine fault={fault} />}
      </Field>
      <Field label={t('cross')}>
        <Crosses cross={question.cross ?? []} fields={fields} onChange={(cross) => onChange({ ...question, cross })} />
        {isIn(fault, 'cross') && <FaultLine fault={fault} />}
      </Field>
    </>
  );
}

// What is empty is left out of an address.
const isReady = ({ groups }: Partial<PortraitQuestion>) => (groups?.length ?? 0) > 0;

export default function PortraitPage() {
  const words = useWords(), names = usePortraitNames();
  const { t } = words;
  const work = useQuestion<PortraitQuestion, PortraitAnswer>('portrait', (_, zone) => portraitOf([], zone), isReady);
  return (
    <Workbench title="portrait" note="portraitNote" work={work} table={(answer, asked) => portraitTable(answer, asked, names, words)} ask={<section className="panel"><Nothing what={t('chooseSegments')} /></section>}
      builder={work.draft && <Builder question={work.draft} fault={work.fault} onChange={work.setDraft} />}>
      {(answer, asked) => <PortraitResult answer={answer} question={asked} />}
    </Workbench>
  );
}
