import { useState } from 'react';
import { Select } from 'antd';
import type { Table } from '../../api/schema';
import { tableLabel } from '../../api/tables';
import { exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { FileDrawer, type ReadFile } from '../../ui/FileDrawer';
import { KindSelect } from '../../ui/KindSelect';
import { guess, lacks, lineOf, type Plan } from './core/upload';
import { texts } from './texts';
import { useUpload } from './useUpload';

// A CSV file into a table: columns are matched by their names.
export function UploadDrawer({ table, onClose }: { table: Table; onClose: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [plan, setPlan] = useState<Plan>({ from: {} });
  const { progress, start, stop, reset } = useUpload(table);
  const missing = lacks(table, plan);
  const failed = (count: string) => {
    const line = lineOf(progress?.error instanceof Error ? progress.error.message : '', progress?.done ?? 0);
    return line === undefined ? '' : t('failedAt', { line: exact(line, language), count });
  };
  const columns = ({ headings }: ReadFile) => {
    const options = headings.map((value) => ({ value, label: value }));
    return (
      <>
        {plan.identity && (
          <section>
            <h2>{t('whose')}</h2>
            <div className="row" style={{ marginTop: 6 }}>
              <KindSelect aria-label={t('identityKey')} width={160} value={plan.identity.key} onChange={(key) => setPlan({ ...plan, identity: { ...plan.identity!, key: key ?? '' } })} />
              <Select aria-label={t('identityColumn')} placeholder={t('identityColumn')} style={{ flex: 1 }} value={plan.identity.heading || undefined} options={options} onChange={(heading: string) => setPlan({ ...plan, identity: { ...plan.identity!, heading } })} />
            </div>
          </section>
        )}
        <section>
          <h2>{t('mapping')}</h2>
          {table.columns.map((column) => (
            <div key={column.name} className="row" style={{ marginTop: 6, flexWrap: 'nowrap' }}>
              <span className="grow">{tableLabel(column, language)} <span className="quiet code">{column.name}</span></span>
              <Select aria-label={tableLabel(column, language)} allowClear placeholder={t('notUsed')} style={{ width: 240 }} value={plan.from[column.name]} options={options}
                onChange={(heading?: string) => { const { [column.name]: _, ...rest } = plan.from; setPlan({ ...plan, from: heading ? { ...rest, [column.name]: heading } : rest }); }} />
            </div>
          ))}
        </section>
        {missing.includes('identity') && <p className="fault">{t('lacksIdentity')}</p>}
        {missing.some((name) => name !== 'identity') && <p className="fault">{t('lacksKey', { names: missing.filter((name) => name !== 'identity').join(', ') })}</p>}
      </>
    );
  };
  return (
    <FileDrawer title={t('uploadTitle', { name: tableLabel(table, language) })} hint={t('fileHint')} begin={t('start')} ready={missing.length === 0} progress={progress} failed={failed}
      onRead={({ headings }) => setPlan(guess(table, headings))} onStart={(file) => void start(plan, file)} onStop={stop} onReset={reset} onClose={onClose}>
      {columns}
    </FileDrawer>
  );
}
