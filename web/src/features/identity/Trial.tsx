import { App, Button, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useMay } from '../../api/queries';
import type { IdentityRules, IdentityTrial } from '../../api/schema';
import { exact } from '../../lib/format';
import { customerLink } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { usePutRules, useTryRules } from './queries';
import { texts } from './texts';

// What the rules would do to the customers that there are.
function Outcome({ trial }: { trial: IdentityTrial }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <section aria-live="polite">
      <p><b>{t('wouldMerge', { count: exact(trial.would_merge ?? 0, language) })}</b> · <b>{t('wouldSplit', { count: exact(trial.would_split ?? 0, language) })}</b></p>
      {!!trial.examples?.length && <h3>{t('examples')}</h3>}
      {trial.examples?.map(({ effect, identities = [] }, i) => (
        <p key={i}><Tag variant="filled" color={effect === 'merge' ? 'blue' : 'gold'}>{t(effect === 'merge' ? 'merge' : 'split')}</Tag>
          {identities.map(({ key, value }, at) => <span key={`${key}:${value}`}>{at > 0 && ' · '}<Link className="code" to={customerLink(`${key}:${value}`)}>{key} {value}</Link></span>)}</p>
      ))}
    </section>
  );
}

// Tries the rules first, and saves just what was tried, in numbers. Who may not try them saves them untried.
export function Trial({ rules, fault, onDone }: { rules: IdentityRules; fault?: string; onDone: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const mayTry = useMay()('events.view');
  const tried = useTryRules(), put = usePutRules();
  const known = JSON.stringify(tried.variables) === JSON.stringify(rules) ? tried.data : undefined;
  const refused = JSON.stringify(tried.variables) === JSON.stringify(rules) ? tried.error : null;
  const save = () => void modal.confirm({
    title: t('saveTitle'), okText: t('save'), cancelText: t('cancel'),
    content: known ? t('saveTried', { merge: exact(known.would_merge ?? 0, language), split: exact(known.would_split ?? 0, language) }) : t('saveUntried'),
    onOk: () => put.mutateAsync(rules).then(() => { void message.success(t('saved')); onDone(); }, () => undefined),
  });
  return (
    <>
      {fault && <p className="fault">{fault}</p>}
      {known && <Outcome trial={known} />}
      {refused && <ProblemNote error={refused} />}
      {put.isError && <ProblemNote error={put.error} />}
      <div className="bar">
        {mayTry && <Button type={known ? 'default' : 'primary'} disabled={!!fault} loading={tried.isPending} onClick={() => tried.mutate(rules)}>{t('try')}</Button>}
        <Button type={known || !mayTry ? 'primary' : 'default'} disabled={!!fault || (mayTry && !known)} loading={put.isPending} onClick={save}>{t('save')}</Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
        {mayTry && !known && <span className="quiet">{t('tryFirst')}</span>}
      </div>
    </>
  );
}
