import type { ReactNode } from 'react';
import { useTexts } from '../../lib/texts';
import { Conditions } from './Conditions';
import { isIn, type Fault } from './core/fault';
import { eventOf, picked, whereOf, type Picked } from './core/question';
import { EventSelect } from '../../ui/EventSelect';
import { FaultLine } from './FaultLine';
import { texts } from './texts';

// An event and its conditions; `before` and `after` stand beside the event.
export function PickedEditor({ value, path, fault, label, before, after, onChange }: {
  value: Picked; path: string; fault: Fault | undefined; label: string; before?: ReactNode; after?: ReactNode; onChange: (value: Picked) => void;
}) {
  const t = useTexts(texts);
  const where = whereOf(value);
  const whereFault = where.some((_, i) => isIn(fault, `${path}.where[${i}]`));
  return (
    <div className={before ? 'rows indexed' : 'rows'}>
      <div className="row">{before}<EventSelect label={label} value={eventOf(value)} onChange={(event) => onChange(picked(event, where))} />{after}</div>
      {isIn(fault, path) && !whereFault && <FaultLine fault={fault} />}
      <Conditions conditions={where} path={`${path}.where`} fault={whereFault ? fault : undefined} addText={t('addCondition')} onChange={(changed) => onChange(picked(eventOf(value), changed))} />
    </div>
  );
}
