import type { Problem } from '../../api/client';
import { useLanguage, useTexts } from '../../lib/texts';
import { faultOf } from './core/description';
import { texts, type ChannelKey } from './texts';

// What the server says of a description, and the part of the form where it stands.
const kParts: Record<string, ChannelKey> = {
  name: 'name', kind: 'kind', secrets: 'secrets', address: 'addressKey', per_second: 'perSecond', at_once: 'atOnce', request: 'request', sign: 'signing', accepted: 'outcome_accepted', busy: 'outcome_busy',
  rejected: 'outcome_rejected', receipts: 'receiptMap', batch: 'batch', query: 'query', recall: 'recall', capture: 'capture', url: 'mailUrl', from: 'from', subject: 'subject', unsubscribe: 'unsubscribe',
};
const kFields: Record<string, ChannelKey> = { url: 'url', headers: 'headers', body: 'body', where: 'place', status: 'status', key: 'receiptKey', outcome: 'receiptOutcome', outcomes: 'receiptWords', over: 'signOver', secret: 'signSecret', results: 'batchResults' };
const kWhats: [RegExp, ChannelKey][] = [
  [/^must be a text$/, 'fault_text'], [/^is missing$/, 'fault_text'], [/^use 1 to 64 small letters/, 'fault_name'], [/^must be a status/, 'fault_status'], [/^must be a JSON pointer/, 'fault_pointer'],
  [/^must be one of the secrets$/, 'fault_secret'], [/^the host cannot be a variable$/, 'fault_host'], [/^must be a header$/, 'fault_header'], [/^there is no variable (?<name>.*)$/, 'fault_variable'],
  [/^(?<name>\w+) is of one message/, 'fault_ofOne'], [/^must have {{entries}} in it$/, 'fault_entries'], [/^say what their words mean$/, 'fault_words'], [/^must be an https:\/\/ link/, 'fault_unsubscribe'], [/^must be sent, accepted/, 'fault_words'],
];

export function Fault({ problem }: { problem: Problem }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (problem.code !== 'channel_invalid') return <>{problem.words[language]}</>;
  const { part, place, what } = faultOf(problem.words.en);
  const found = kWhats.map(([pattern, key]) => ({ key, match: pattern.exec(what) })).find(({ match }) => match);
  const steps = place.split('.').slice(1);
  const where = [kParts[part], ...steps.map((step) => kFields[step])].flatMap((key) => (key ? [t(key)] : []));
  return <>{where.join(' · ') || place}: {found ? t(found.key, { name: found.match?.groups?.name ?? '' }) : what} {found && steps.length > 0 && <span className="code quiet">{place}</span>}</>;
}
