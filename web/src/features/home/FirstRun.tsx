import { Button } from 'antd';
import { CheckOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router-dom';
import { useJourneys, usePlan, useProjects, useSegments, useSources } from '../../api/queries';
import { hasAsked, hasDeclared, hasEvents, kSteps, progress, type StepName } from '../../api/firstRun';
import { currentProject, link } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { Snippets } from '../../ui/Snippets';
import { useCustomerCount } from './numbers';
import { texts } from './texts';

const kWays: Record<StepName, string> = { event: '/data/sources', plan: '/data/plan', customer: '/data/live', question: '/analysis/funnel', segment: '/segments/new', journey: '/journeys/new' };

const kEvery = 3_000;

// A checklist that ticks itself; gone when all is done.
export function FirstRun() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const plan = usePlan({ every: kEvery, enough: hasDeclared });
  const source = useSources().data?.sources[0];
  const projects = useProjects().data?.projects;
  const project = currentProject() || projects?.[0]?.name || 'default';
  const customers = useCustomerCount(hasEvents(plan.data));
  const segments = useSegments({ every: kEvery }).data?.items.length ?? 0;
  const journeys = useJourneys().data?.journeys.length ?? 0;
  if (!plan.data || (hasEvents(plan.data) && customers === undefined)) return null;
  const done = progress(plan.data, { customers: customers ?? 0, segments, journeys }, hasAsked());
  const next = kSteps.find((step) => !done[step]);
  if (!next) return null;
  return (
    <section className="panel">
      <div className="bar" style={{ marginBottom: 4 }}><h2>{t('start')}</h2><span className="quiet">{t('startNote')}</span></div>
      <ol className="steps">
        {kSteps.map((step) => (
          <li key={step} className={done[step] ? 'done' : ''} aria-current={step === next ? 'step' : undefined}>
            <span className="tick">{done[step] && <CheckOutlined />}</span>
            <div className="grow">
              <span className="what">{t(`step_${step}`)}</span>
              {step === next && <p className="quiet">{t(`step_${step}_how`)}</p>}
              {step === next && step === 'event' && source && <Snippets writeKey={source.write_key} project={project} />}
            </div>
            {step === next && step !== 'event' && <Button size="small" onClick={() => void navigate(link(kWays[step]))}>{t('go')}</Button>}
          </li>
        ))}
      </ol>
    </section>
  );
}
