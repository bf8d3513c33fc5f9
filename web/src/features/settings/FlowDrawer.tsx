import { useState } from 'react';
import { App, Button, Drawer, Input, InputNumber, Select, Segmented, Switch } from 'antd';
import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { usePutFlow, useUsers } from '../../api/people';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { faultOf, flowOf, kMostLevels, kMostPeople, newLevel, type FlowForm, type Kind, type Level, type Rule } from './core/flow';
import { texts } from './texts';

const kDays = 7;

function LevelEditor({ level, at, last, onChange, onMove, onRemove }: { level: Level; at: number; last: boolean; onChange: (level: Level) => void; onMove: (by: 1 | -1) => void; onRemove?: () => void }) {
  const t = useTexts(texts);
  const users = useUsers().data?.items ?? [];
  const label = (what: string) => `${what} ${at + 1}`;
  const options = users.filter(({ disabled }) => !disabled).map(({ name, title }) => ({ value: name, label: title ? `${title} (${name})` : name }));
  return (
    <li className="flow-level">
      <div className="bar">
        <Input aria-label={label(t('levelTitle'))} placeholder={t('levelHint')} maxLength={30} style={{ flex: 1 }} value={level.name} onChange={(event) => onChange({ ...level, name: event.target.value })} />
        <Button type="text" size="small" aria-label={label(t('earlier'))} disabled={at === 0} icon={<ArrowUpOutlined />} onClick={() => onMove(-1)} />
        <Button type="text" size="small" aria-label={label(t('later'))} disabled={last} icon={<ArrowDownOutlined />} onClick={() => onMove(1)} />
        <Button type="text" size="small" aria-label={label(t('remove'))} disabled={!onRemove} icon={<CloseOutlined />} onClick={onRemove} />
      </div>
      {level.external !== undefined ? <Input aria-label={label(t('levelSystem'))} placeholder={t('levelSystem')} maxLength={50} value={level.external} onChange={(event) => onChange({ ...level, external: event.target.value })} /> : (
        <>
          <Select mode="multiple" maxCount={kMostPeople} aria-label={label(t('levelWho'))} placeholder={t('levelWho')} optionFilterProp="label" options={options} value={level.people} onChange={(people: string[]) => onChange({ ...level, people })} />
          <div className="bar">
            <Segmented<Rule> value={level.rule} onChange={(rule) => onChange({ ...level, rule })} options={(['any', 'all', 'some'] as const).map((value) => ({ value, label: t(`rule_${value}_short`) }))} />
            {level.rule === 'some' && <><InputNumber aria-label={label(t('howMany'))} min={1} max={Math.max(1, level.people.length)} value={level.some} onChange={(some) => onChange({ ...level, some: some ?? 1 })} style={{ width: 72 }} /><span className="quiet">{t('howMany')}</span></>}
          </div>
        </>
      )}
      <div className="bar">
        <Switch size="small" aria-label={label(t('levelOutside'))} checked={level.external !== undefined} onChange={(on) => onChange({ ...level, external: on ? '' : undefined })} /><span className="quiet">{t('levelOutside')}</span>
        <InputNumber aria-label={label(t('levelHours'))} min={1} max={8760} value={level.hours} onChange={(hours) => onChange({ ...level, hours: hours ?? undefined })} style={{ width: 80 }} /><span className="quiet">{t('levelHours')}</span>
      </div>
    </li>
  );
}

// The levels of a flow, one after the other, and how long a request stays open.
export function FlowDrawer({ kind, before, onClose }: { kind: Kind; before: FlowForm; onClose: () => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const put = usePutFlow();
  const [levels, setLevels] = useState(before.levels.length > 0 ? before.levels : [newLevel()]);
  const [days, setDays] = useState(before.days);
  const [tried, setTried] = useState(false); // to save: what is wrong is said from then on
  const fault = levels.map(faultOf).find((one) => one !== undefined);
  const set = (at: number, level: Level | undefined) => setLevels(levels.flatMap((old, i) => (i !== at ? [old] : level ? [level] : [])));
  const move = (at: number, by: 1 | -1) => setLevels(levels.map((old, i) => (i === at ? levels[at + by]! : i === at + by ? levels[at]! : old)));
  const save = () => {
    setTried(true);
    if (!fault) put.mutate({ kind, flow: flowOf({ levels, days }) }, { onSuccess: () => { void message.success(t('saved')); onClose(); } });
  };
  return (
    <Drawer open onClose={onClose} size={560} title={t(`flow_${kind}`)}>
      <div className="stack">
        <ol className="flow-levels">
          {levels.map((level, at) => <LevelEditor key={at} level={level} at={at} last={at === levels.length - 1} onChange={(changed) => set(at, changed)} onMove={(by) => move(at, by)} onRemove={levels.length > 1 ? () => set(at, undefined) : undefined} />)}
        </ol>
        {levels.length < kMostLevels && <div><Button type="dashed" icon={<PlusOutlined />} onClick={() => setLevels([...levels, newLevel()])}>{t('addLevel')}</Button></div>}
        <div className="bar">
          <Switch aria-label={t('expires')} checked={days !== undefined} onChange={(on) => setDays(on ? kDays : undefined)} />
          {days === undefined ? <span className="quiet">{t('flowOpen')}</span> : <><InputNumber aria-label={t('flowDaysLabel')} min={1} max={365} value={days} onChange={(count) => setDays(count ?? kDays)} style={{ width: 72 }} /><span className="quiet">{t('flowDaysLabel')}</span></>}
        </div>
        <p className="quiet">{t('flowRules')}</p>
        {tried && fault && <p role="alert" className="fault">{t(fault)}</p>}
        {put.isError && <ProblemNote error={put.error} />}
        <div className="bar"><Button type="primary" disabled={tried && fault !== undefined} loading={put.isPending} onClick={save}>{t('save')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </div>
    </Drawer>
  );
}
