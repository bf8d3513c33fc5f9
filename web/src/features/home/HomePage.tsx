import { usePlan, useProjects, useSession } from '../../api/queries';
import { hasEvents } from '../../api/firstRun';
import { currentProject } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { Accounts } from './Accounts';
import { DataHealth } from './DataHealth';
import { FirstRun } from './FirstRun';
import { MyCustomers } from './MyCustomers';
import { MyTasks } from './MyTasks';
import { Numbers } from './Numbers';
import { Records } from './Records';
import { Running } from './Running';
import { WaitsForMe } from './WaitsForMe';
import { texts } from './texts';

export default function HomePage() {
  const t = useTexts(texts);
  const projects = useProjects().data?.projects;
  const zone = (projects?.find(({ name }) => name === currentProject()) ?? projects?.[0])?.time_zone;
  const plan = usePlan({ every: 3_000 });
  const some = hasEvents(plan.data);
  // A new user: there is nothing to show until somebody gives a role.
  if (useSession().data?.rights?.length === 0) return <><PageHeader title={t('title')} /><Nothing what={t('mayNothing')} /></>;
  return (
    <>
      <PageHeader title={t('title')} />
      {plan.isError && <ProblemNote error={plan.error} onRetry={() => void plan.refetch()} />}
      <div className="grid home">
        <div className="stack">{!some && <FirstRun />}<Numbers zone={zone} hasEvents={some} /><Running /><MyTasks /><Records /></div>
        <div className="stack"><WaitsForMe /><MyCustomers /><Accounts /><DataHealth />{some && <FirstRun />}</div>
      </div>
    </>
  );
}
