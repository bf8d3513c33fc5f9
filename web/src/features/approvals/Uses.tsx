import { Alert, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useLists, useSegments, useTagNames } from '../../api/queries';
import type { Approval } from '../../api/schema';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { texts } from './texts';

// Where one looks at it: a list has a line among the others.
const addressOf = (kind: string, id: string) => (kind === 'list' ? link('/segments', { tab: 'lists', find: id }) : link(`/${kind}s/${id}`));

// What a journey stands on beside its own text, and what of it is another now than when it was asked for.
export function Uses({ approval: { uses = [], state } }: { approval: Approval }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const named = { segment: useSegments().data?.items, list: useLists().data?.items, tag: useTagNames().data?.items };
  if (uses.length === 0) return null;
  return (
    <section className="stack" style={{ gap: 8 }}>
      <h2>{t('uses')}</h2>
      {(state === 'open' || state === 'approved') && uses.some(({ changed }) => changed) && <Alert type="warning" showIcon title={t('usesChanged')} />}
      <ul className="plain">
        {uses.map(({ kind, id, changed }) => (
          <li key={`${kind}/${id}`}><span className="quiet">{t(`use_${kind}`)}</span> <Link to={addressOf(kind, id)}>{labelOf(named[kind]?.find((one) => one.id === id) ?? { id }, language)}</Link> <span className="quiet code">{id}</span> {changed && <Tag variant="filled" color="gold">{t('useChanged')}</Tag>}</li>
        ))}
      </ul>
    </section>
  );
}
