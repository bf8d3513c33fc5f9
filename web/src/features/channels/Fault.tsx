import type { Problem } from '../../api/client';
import { useLanguage, useTexts } from '../../lib/texts';
import { colon } from '../../lib/format';
import { texts, type ChannelKey } from './texts';

// What the server says of a description, and the part of the form where it stands.
const kParts: Record<string, ChannelKey> = {
  name: 'name', kind: 'kind', secrets: 'secrets', address: 'addressKey', per_second: 'perSecond', at_once: 'atOnce', request: 'request', sign: 'signing', accepted: 'outcome_accepted', busy: 'outcome_busy',
  rejected: 'outcome_rejected', receipts: 'receiptMap', batch: 'batch', query: 'query', recall: 'recall', capture: 'capture', url: 'mailUrl', from: 'from', subject: 'subject', unsubscribe: 'unsubscribe',
};
const kFields: Record<string, ChannelKey> = { url: 'url', headers: 'headers', body: 'body', where: 'place', status: 'status', key: 'receiptKey', outcome: 'receiptOutcome', outcomes: 'receiptWords', over: 'signOver', secret: 'signSecret', results: 'batchResults' };

export function Fault({ problem }: { problem: Problem }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { where } = problem.place;
  if (!where) return <>{problem.words[language]}</>;
  const [part = '', ...steps] = where.split('.');
  const named = [kParts[part], ...steps.map((step) => kFields[step])].flatMap((key) => (key ? [t(key)] : []));
  return <>{named.join(' · ') || where}{colon(language)}{problem.what(language)} {steps.length > 0 && <span className="code quiet">{where}</span>}</>;
}
