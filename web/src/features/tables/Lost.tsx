import { Link } from 'react-router-dom';
import { link } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { texts } from './texts';

export function Lost({ id }: { id: string }) {
  const t = useTexts(texts);
  return <><PageHeader title={id} /><section className="panel"><Nothing what={t('noMatch', { typed: id })} next={<Link to={link('/data/tables')}>{t('title')}</Link>} /></section></>;
}
