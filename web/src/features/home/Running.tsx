import { Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useJourneys } from '../../api/queries';
import { journeyName } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Num, Rate } from '../../ui/Num';
import { Panel } from './Panel';
import { texts } from './texts';

const kShown = 6;

// The journeys that let customers in now, or wait paused: the busiest first.
export function Running() {
  const t = useTexts(texts);
  const language = useLanguage();
  const journeys = useJourneys().data?.journeys.filter(({ phase }) => phase === 'running' || phase === 'paused') ?? [];
  if (journeys.length === 0) return null;
  const busiest = [...journeys].sort((a, b) => (b.active ?? 0) - (a.active ?? 0) || (b.entered ?? 0) - (a.entered ?? 0));
  return (
    <Panel title={t('running', { count: journeys.length })} to="/journeys">
      <table className="brief">
        <thead><tr><th>{t('journey')}</th><th>{t('entered')}</th><th>{t('inside')}</th><th>{t('goals')}</th></tr></thead>
        <tbody>
          {busiest.slice(0, kShown).map(({ id, name, name_en, phase, entered, active, conversions = 0 }) => (
            <tr key={id}>
              <td><Link to={link(`/journeys/${id}`)}>{journeyName({ id, name, name_en }, language)}</Link> {phase === 'paused' && <Tag variant="filled" color="gold">{t('paused')}</Tag>}</td>
              <td><Num value={entered} /></td><td><Num value={active} /></td><td>{entered === undefined ? <Num value={entered} /> : <><Num value={conversions} /> <span className="quiet"><Rate part={conversions} whole={entered} /></span></>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
