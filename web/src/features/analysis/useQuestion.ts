import { useEffect, useState } from 'react';
import { Problem } from '../../api/client';
import { useAnswer, useExplain, usePlan, useProjects } from '../../api/queries';
import { useAddressState } from '../../lib/addressState';
import { currentProject } from '../../lib/links';
import { useSettled } from '../../lib/settled';
import { useLanguage } from '../../lib/texts';
import { rememberAsked } from '../../api/firstRun';
import type { Fault } from './core/fault';
import { tidy, type AnyQuestion } from './core/question';
import type { PlanEvent } from '../../api/schema';

// The question that is edited (`draft`), what asking it would cost or what is wrong with it, and the
// question that was asked, which the address holds, with its answer. What is not ready is not asked.
export function useQuestion<Q extends AnyQuestion, A>(ask: Q['ask'], first: (events: PlanEvent[], zone?: string) => Q, isReady: (question: Q) => boolean = () => true) {
  const language = useLanguage();
  const plan = usePlan();
  const projects = useProjects();
  const [stored, store] = useAddressState<Q>('q');
  const zone = (projects.data?.projects.find(({ name }) => name === currentProject()) ?? projects.data?.projects[0])?.time_zone;
  const ready = plan.data !== undefined && projects.data !== undefined;
  const [base, setBase] = useState<string>();
  const [draft, setDraft] = useState<Q>();

  // The address decides: on opening, on back, on a link from elsewhere.
  const address = JSON.stringify(stored ?? null);
  if (ready && base !== address) {
    setBase(address);
    setDraft({ ...first(plan.data.events ?? [], zone), ...stored, ask });
  }

  const tidied = draft && tidy(draft);
  const settled = useSettled(JSON.stringify(tidied ?? null), 250);
  const considered = JSON.parse(settled) as Q | null;
  const explain = useExplain(considered && plan.data?.events?.length && isReady(considered) ? considered : undefined);
  const asked = ready ? tidy({ ...first(plan.data.events ?? [], zone), ...stored, ask }) : undefined;
  const hasEvents = (plan.data?.events?.length ?? 0) > 0;
  const answered = hasEvents && asked !== undefined && isReady(asked);
  const answer = useAnswer<A>(answered ? asked : undefined);
  useEffect(() => {
    if (answer.isSuccess && stored) rememberAsked();
  }, [answer.isSuccess, stored]);
  const problem = explain.error instanceof Problem && explain.error.status < 500 ? explain.error : undefined;
  const fault: Fault | undefined = problem?.place.where ? { where: problem.place.where, what: problem.what(language) } : undefined;
  return {
    draft, setDraft, asked, answer, fault, problem: fault ? undefined : problem,
    explain: explain.isError ? undefined : explain.data,
    changed: tidied !== undefined && JSON.stringify(tidied) !== JSON.stringify(asked),
    run: () => tidied && store(tidied),
    hasEvents, plan, answered, ready: draft !== undefined && isReady(draft),
  };
}
