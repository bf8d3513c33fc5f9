import { Button, Select } from 'antd';
import { CloseOutlined } from '@ant-design/icons';
import { useNames } from '../../api/names';
import { fit } from '../../lib/match';
import { useTexts } from '../../lib/texts';
import { ValueInput } from '../../ui/ValueInput';
import { needsList, needsValue, opsOf, type Condition } from './core/question';
import { texts, type AnalysisKey } from './texts';

// One condition; `customersOnly` where there is no event.
export function ConditionRow({ condition, customersOnly, onChange, onRemove }: {
  condition: Condition; customersOnly?: boolean; onChange: (condition: Condition) => void; onRemove: () => void;
}) {
  const t = useTexts(texts);
  const names = useNames();
  const kind = condition.customer === undefined ? 'property' : 'customer';
  const name = condition.customer ?? condition.property ?? '';
  const type = names.type(name);
  const options = (prefix: string) => names.properties.map((property) => ({
    value: `${prefix} ${property.name}`, label: names.property(property.name), words: [property.name, property.zh ?? '', property.en ?? ''],
  }));
  const groups = [{ label: t('customerProperty'), options: options('customer') }];
  if (!customersOnly) groups.unshift({ label: t('eventProperty'), options: options('property') });
  const choose = (chosen: string) => {
    const at = chosen.indexOf(' ');
    const op = opsOf(names.type(chosen.slice(at + 1)))[0]!;
    onChange({ [chosen.slice(0, at)]: chosen.slice(at + 1), op });
  };
  const rest = { [kind]: name };
  return (
    <div className="row condition">
      <Select aria-label={t('property')} style={{ width: 120 }} popupMatchSelectWidth={220} value={name ? `${kind} ${name}` : undefined} onChange={choose} options={groups}
        showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }} />
      <Select aria-label={t('operator')} style={{ width: 106 }} popupMatchSelectWidth={false} value={condition.op} onChange={(op) => onChange({ ...rest, op })} options={opsOf(type).map((op) => ({ value: op, label: t(`op_${op}` as AnalysisKey) }))} />
      {needsValue(condition.op) && <ValueInput type={type} list={needsList(condition.op)} value={condition.value} onChange={(value) => onChange({ ...rest, op: condition.op, value })} />}
      <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={onRemove} />
    </div>
  );
}
