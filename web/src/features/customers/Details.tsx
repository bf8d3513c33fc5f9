import { Segmented } from 'antd';
import type { Customer, Identity } from '../../api/schema';
import { tableLabel, useTables } from '../../api/tables';
import { useAddressPage, useAddressText, useSetAddress } from '../../lib/addressText';
import { exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { RowsTable } from '../../ui/RowsTable';
import { useRowsOf } from './queries';
import { texts } from './texts';

const kPage = 20;

// The customer's rows of each table of details: holdings, orders, loans.
export function Details({ who, tables }: { who: Identity; tables: NonNullable<Customer['tables']> }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const held = tables.filter(({ rows }) => rows > 0);
  const [choice] = useAddressText('table');
  const chosen = held.some(({ table }) => table === choice) ? choice : (held[0]?.table ?? '');
  const [page, setPage] = useAddressPage();
  const put = useSetAddress();
  const rows = useRowsOf(who, chosen, (page - 1) * kPage, kPage);
  const declared = useTables();
  if (held.length === 0) return <Nothing what={t('noDetails')} />;
  return (
    <div className="stack">
      <Segmented value={chosen} onChange={(table) => put({ table, page: '' })} style={{ alignSelf: 'flex-start' }} options={held.map(({ table, rows: count, ...names }) => ({ value: table, label: `${tableLabel({ id: table, ...names }, language)} ${exact(count, language)}` }))} />
      <Loaded query={declared} rows={8}>
        {({ items }) => (
          <Loaded query={rows} rows={8}>
            {({ rows: shown, total, table }) => {
              const of = items.find(({ id }) => id === table);
              return of && <RowsTable table={of} rows={shown} empty={<Nothing what={t('noDetails')} />} pagination={{ current: page, pageSize: kPage, total, onChange: setPage, showSizeChanger: false, hideOnSinglePage: true }} />;
            }}
          </Loaded>
        )}
      </Loaded>
    </div>
  );
}
