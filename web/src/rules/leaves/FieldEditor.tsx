import { useNames } from '../../api/names';
import { useTexts } from '../../lib/texts';
import { PropertySelect } from '../../ui/PropertySelect';
import { firstTest } from '../core/ops';
import type { Field } from '../core/rule';
import { texts } from '../texts';
import { TestEditor } from './TestEditor';

// A test of a customer's attribute or, within an event, of its property.
export function FieldEditor({ leaf: { field, ...test }, onChange }: { leaf: Field; onChange: (leaf: Field) => void }) {
  const t = useTexts(texts);
  const names = useNames();
  return (
    <>
      <PropertySelect value={field} onChange={(chosen) => onChange({ field: chosen, ...firstTest(names.type(chosen)) })} label={t('attribute')} width={128} />
      {field !== '' && <TestEditor test={test} type={names.type(field)} onChange={(changed) => onChange({ field, ...changed })} />}
    </>
  );
}
