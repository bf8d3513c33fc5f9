import { Link } from 'react-router-dom';
import { useKeys, useUsers } from '../../api/people';
import { useMay } from '../../api/queries';
import { link } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useTexts } from '../../lib/texts';
import { Panel } from './Panel';
import { texts } from './texts';

const kSoonMs = 14 * 86_400_000;

// Who waits for an administrator: a user without a role, one who is locked out, a key that ends soon.
export function Accounts() {
  const t = useTexts(texts);
  const may = useMay();
  const users = useUsers().data?.items.filter(({ disabled }) => !disabled) ?? [];
  const now = useNow(3_600_000);
  const keys = useKeys().data?.items ?? [];
  if (users.length === 0 || !(may('users.change') || may('roles.change'))) return null;
  const named = (some: typeof users) => some.map(({ name, title }) => title || name).join(t('and'));
  const ending = keys.filter(({ expires }) => Date.parse(expires) < now + kSoonMs);
  const waits = [
    { key: 'noRole', names: named(users.filter(({ roles }) => roles.length === 0)), to: '/settings/users', shown: may('roles.change') },
    { key: 'locked', names: named(users.filter(({ locked }) => locked)), to: '/settings/users', shown: may('users.change') },
    { key: 'firstPassword', names: named(users.filter(({ must_change: must }) => must)), to: '/settings/users', shown: may('users.change') },
    { key: 'ending', names: ending.map(({ id, title }) => title || id).join(t('and')), to: '/settings/keys', shown: may('keys.view') },
  ] as const;
  return (
    <Panel title={t('accounts', { count: users.length })} to="/settings/users">
      <ul className="steps">
        {waits.filter(({ shown }) => shown).map(({ key, names, to }) => (
          <li key={key}><span className="grow">{t(key)}<div className="quiet">{names || t('nobody')}</div></span>{names && <Link to={link(to)} aria-label={`${t('look')} ${t(key)}`}>{t('look')}</Link>}</li>
        ))}
      </ul>
    </Panel>
  );
}
