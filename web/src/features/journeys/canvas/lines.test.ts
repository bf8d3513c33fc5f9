// @vitest-environment jsdom
import { setLanguage, type Say } from '../../../lib/texts';
import type { JourneyNode } from '../core/definition';
import { kindOf } from '../kinds';
import type { Saying } from '../kinds/kind';
import { sayEntry } from '../sayEntry';
import { texts, type JourneyKey } from '../texts';

const t = ((name: string, values: Record<string, unknown> = {}) => (texts.zh as Record<string, string>)[name]!.replace(/{{(\w+)}}/g, (_, place: string) => String(values[place]))) as Say<JourneyKey>;
const saying = { t, language: 'zh', names: { property: () => '开户日期', event: () => '购买' }, channel: (name: string) => ({ sms: '短信', push: '推送' })[name], called: (kind: string, id: string) => `${kind}:${id}` } as unknown as Saying;

beforeEach(() => setLanguage('zh'));

test.each<[Partial<JourneyNode>, string]>([
  [{ type: 'chain', steps: [{ channel: 'push', text: '' }, { channel: 'sms', text: '' }] }, '推送 → 短信'],
  [{ type: 'wait', date: 'registered', months: 12, days: -1 }, '开户日期 +12 个月 -1 天'],
  [{ type: 'wait', date: 'registered' }, '开户日期'],
  [{ type: 'list', list: 'vips', action: 'add' }, '加入名单 list:vips'],
  [{ type: 'call', journey: 'payday' }, 'journey:payday'],
  [{ type: 'call', journey: '' }, '…'],
  [{ type: 'wait_event', branches: [{ outcome: 'seen', receipt: 'opened' }], timeout: '3d' }, '已打开，最多 3 天'],
  [{ type: 'wait_event', branches: [{ outcome: 'rich', when: 'vip >= 1' }], timeout: '3d' }, 'vip >= 1，最多 3 天'],
])('the card of %j says %s', (node, line) => expect(kindOf(node.type!).summary({ id: 'n', ...node } as JourneyNode, saying)).toBe(line));

test.each([
  [{ kind: 'batch', segment: 'rich', schedule: { every: 'month', at: '09:00' } }, '每月 09:00 segment:rich'],
  [{ kind: 'batch', segment: 'rich', schedule: { every: 'cron', cron: '0 9 * * 1' } }, '定时 0 9 * * 1 segment:rich'],
  [{ kind: 'segment', segment: 'rich', when: 'leaves' }, '离开客群 segment:rich'],
  [{ kind: 'tag', tag: 'tier' }, '标签变化 tag:tier'],
])('the card of the entry %j says %s', (entry, line) => expect(sayEntry(entry, saying)).toBe(line));
