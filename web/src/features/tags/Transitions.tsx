import { exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Num } from '../../ui/Num';
import { useTransitions } from './queries';
import { texts } from './texts';

// Who went from what to what between the day and the one before that has values.
export function Transitions({ id, days, day }: { id: string; days: string[]; day: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const before = days[days.indexOf(day) + 1];
  const transitions = useTransitions(id, before ? { from: before, to: day } : undefined);
  if (!before) return null;
  const text = (value: string | null | undefined) => (value === null || value === undefined ? <span className="quiet">{t('noValue')}</span> : value || <span className="quiet">{t('emptyText')}</span>);
  return (
    <div>
      <h2>{t('changedTo')}</h2>
      <Loaded query={transitions} rows={3}>
        {({ changed, stayed, transitions: all }) => (
          <>
            <p className="quiet">{before} → {day}：{t('moved', { count: exact(changed, language), stayed: exact(stayed, language) })}</p>
            <ListTable list="moves" rowsOnPage={10} rowKey={({ from, to }) => `${from} ${to}`} dataSource={all.filter(({ from, to }) => from !== to)} locale={{ emptyText: t('moved', { count: 0, stayed: exact(stayed, language) }) }}
              columns={[
                { title: t('from'), dataIndex: 'from', width: 240, ellipsis: true, render: text },
                { title: t('to'), dataIndex: 'to', width: 240, ellipsis: true, render: text },
                { title: t('customers'), dataIndex: 'count', width: 120, align: 'right', render: (count: number) => <Num value={count} /> },
                { key: 'rest' },
              ]} />
          </>
        )}
      </Loaded>
    </div>
  );
}
