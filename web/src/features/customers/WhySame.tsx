import type { Identity, Link } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { useKindName } from '../../ui/useKindName';
import { useWhySame } from './queries';
import { texts } from './texts';

function LinkLine({ link }: { link: Link }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useKindName();
  const rule = `rule_${link.rule}`;
  return (
    <li>
      <span className="quiet">{kind(link.a.key)}</span> <span className="code">{link.a.value}</span> ↔ <span className="quiet">{kind(link.b.key)}</span> <span className="code">{link.b.value}</span>
      <span className="quiet"> · {dateTime(Date.parse(link.time), language)} · {link.source} · {rule in texts.zh ? t(rule as keyof typeof texts.zh) : link.rule}</span>
    </li>
  );
}

// The shortest chain of links between an identity and the one the customer is known by.
export function WhySame({ a, b }: { a: Identity; b: Identity }) {
  const t = useTexts(texts);
  return (
    <Loaded query={useWhySame(a, b)} rows={2}>
      {({ same, chain = [], reason }) => (same ? <ol className="chain" aria-label={t('whySame')}>{chain.map((link) => <LinkLine key={link.number} link={link} />)}</ol> : <p className="code">{reason}</p>)}
    </Loaded>
  );
}
