import { Link } from 'react-router-dom';
import { useTasks } from '../../api/queries';
import { ago, dateTime } from '../../lib/format';
import { customerLink, splitName } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { Panel } from './Panel';
import { useServes } from './serves';
import { texts } from './texts';

const kShown = 8;

// What is to be done for the customers one sees, the most urgent first. When there is none, who works with customers is told so.
export function MyTasks() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(60_000);
  const serves = useServes();
  const { data } = useTasks('open', '');
  const tasks = data?.items ?? [];
  if (tasks.length === 0) return serves && data ? <Panel title={t('tasks', { count: 0 })} to="/tasks"><Nothing what={t('noTasks')} /></Panel> : null;
  const urgent = [...tasks].sort((a, b) => (a.due ?? '9').localeCompare(b.due ?? '9'));
  return (
    <Panel title={t('tasks', { count: tasks.length })} to="/tasks">
      <ul className="steps">
        {urgent.slice(0, kShown).map(({ key, text, customer, due, given }) => (
          <li key={key}>
            <span className="grow">{text}<div className="quiet"><Link className="code" to={customerLink(customer)}>{splitName(customer)[1]}</Link> · {ago(Date.parse(given), now, language)}</div></span>
            {due !== undefined && <span className={Date.parse(due) < now ? 'down nowrap' : 'quiet nowrap'}>{t('due', { time: dateTime(Date.parse(due), language) })}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
