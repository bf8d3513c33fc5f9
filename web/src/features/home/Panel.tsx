import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { link } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';

// A part of the home page, and where there is all of it.
export function Panel({ title, to, children }: { title: string; to: string; children: ReactNode }) {
  const t = useTexts(texts);
  return (
    <section className="panel">
      <div className="bar" style={{ marginBottom: 4 }}><h2>{title}</h2><Link className="push" to={link(to)} aria-label={`${t('look')} ${title}`}>{t('look')}</Link></div>
      {children}
    </section>
  );
}
