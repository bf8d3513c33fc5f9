import { Button, Table, Tag } from 'antd';
import { useNames } from '../../api/names';
import { useChangePlan } from '../../api/queries';
import type { PlanReport } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Nothing } from '../../ui/Nothing';
import { Num, Rate } from '../../ui/Num';
import { texts } from './texts';

function Misfits({ title, rows }: { title: string; rows: { name: string; type?: string; count: number; misfits: number }[] }) {
  const t = useTexts(texts);
  if (rows.length === 0) return null;
  return (
    <div>
      <h2>{title}</h2>
      <Table size="small" rowKey="name" dataSource={rows} pagination={false} columns={[
        { title: t('name'), dataIndex: 'name', render: (name: string) => <span className="code">{name}</span> },
        { title: t('type'), dataIndex: 'type', width: 120 },
        { title: t('whole'), dataIndex: 'count', width: 120, align: 'right', render: (value: number) => <Num value={value} /> },
        { title: t('affected'), dataIndex: 'misfits', width: 120, align: 'right', render: (value: number) => <Num value={value} /> },
        { title: t('share'), width: 120, align: 'right', render: (_, row) => <Rate part={row.misfits} whole={row.count} /> },
      ]} />
    </div>
  );
}

export function PlanReportView({ report }: { report: PlanReport }) {
  const t = useTexts(texts);
  const names = useNames();
  const change = useChangePlan();
  const { undeclared } = report;
  const incomplete = report.events.map(({ event, count, incomplete: misfits }) => ({ name: event, count, misfits }));
  const mismatched = report.properties.map(({ property, type, count, mismatches }) => ({ name: property, type, count, misfits: mismatches }));
  const unnamed = [...undeclared.events.map((name) => ({ name, kind: 'event' as const })), ...undeclared.properties.map((name) => ({ name, kind: 'property' as const }))];
  if (incomplete.length + mismatched.length + unnamed.length === 0) return <Nothing what={t('reportGood')} />;
  const declare = ({ name, kind }: (typeof unnamed)[number]) =>
    change.mutate(kind === 'event' ? { events: [{ name }] } : { properties: [{ name, type: names.type(name) }] });
  return (
    <div className="stack">
      <Misfits title={t('incompleteEvents')} rows={incomplete} />
      <Misfits title={t('mismatched')} rows={mismatched} />
      {unnamed.length > 0 && (
        <div>
          <h2>{t('undeclaredNames')}</h2>
          <ListTable list="unnamed" rowKey={(row) => `${row.kind} ${row.name}`} dataSource={unnamed} columns={[
            { title: t('name'), dataIndex: 'name', render: (name: string) => <span className="code">{name}</span> },
            { title: t('kind'), dataIndex: 'kind', width: 120, render: (kind: 'event' | 'property') => <Tag variant="filled">{t(kind)}</Tag> },
            { title: <span className="unseen">{t('declare')}</span>, width: 100, align: 'right', render: (_, row) => <Button size="small" type="link" onClick={() => declare(row)}>{t('declare')}</Button> },
          ]} />
        </div>
      )}
    </div>
  );
}
