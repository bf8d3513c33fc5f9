import { Button } from 'antd';
import { useNames } from '../../api/names';
import { useTexts } from '../../lib/texts';
import { ConditionRow } from './ConditionRow';
import { isIn, type Fault } from './core/fault';
import { opsOf, type Condition } from './core/question';
import { FaultLine } from './FaultLine';
import { texts } from './texts';

// Conditions that must all hold. `path` is their place in the question.
export function Conditions({ conditions, path, fault, customersOnly, addText, onChange }: {
  conditions: Condition[]; path: string; fault: Fault | undefined; customersOnly?: boolean; addText: string; onChange: (conditions: Condition[]) => void;
}) {
  const t = useTexts(texts);
  const names = useNames();
  const first = names.properties[0];
  const add = () => first && onChange([...conditions, { [customersOnly ? 'customer' : 'property']: first.name, op: opsOf(first.type)[0]! }]);
  return (
    <>
      {conditions.map((condition, index) => (
        <div key={index}>
          <ConditionRow condition={condition} customersOnly={customersOnly} onChange={(changed) => onChange(conditions.map((old, i) => (i === index ? changed : old)))}
            onRemove={() => onChange(conditions.filter((_, i) => i !== index))} />
          {isIn(fault, `${path}[${index}]`) && <FaultLine fault={fault} />}
        </div>
      ))}
      {conditions.length === 0 && isIn(fault, path) && <FaultLine fault={fault} />}
      <Button type="link" size="small" className="add" disabled={!first} title={first ? undefined : t('emptyPlan')} onClick={add}>+ {addText}</Button>
    </>
  );
}
