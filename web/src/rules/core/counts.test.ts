import { countsOf } from './counts';
import type { Group } from './rule';

const vip = { field: 'vip', op: '>=', value: 2 }, rich = { segment: 'wealthy' }, poor = { field: 'vip', op: '=', value: 0 };
const leaf = (eql: string, count: number) => ({ eql, count });

test.each<[string, Group, { eql: string; count: number }[], { eql: string; left: number }[], object]>([
  ['who is not in a segment is everybody else', { and: [vip, { not: rich }] }, [leaf('vip >= 2', 40), leaf('IN SEGMENT wealthy', 30)], [{ eql: 'vip >= 2', left: 40 }, { eql: 'NOT IN SEGMENT wealthy', left: 25 }],
    { 0: { eql: 'vip >= 2', count: 40, left: 40 }, 1: { eql: 'NOT IN SEGMENT wealthy', count: 70, left: 25 } }],
  ['so it is within a group', { or: [vip, { and: [{ not: rich }] }] }, [leaf('vip >= 2', 40), leaf('IN SEGMENT wealthy', 30)], [],
    { 0: { eql: 'vip >= 2', count: 40 }, '1.0': { eql: 'NOT IN SEGMENT wealthy', count: 70 } }],
  ['not not is itself', { and: [{ not: { not: rich } }] }, [leaf('IN SEGMENT wealthy', 30)], [], { 0: { eql: 'NOT NOT IN SEGMENT wealthy', count: 30 } }],
  ['of a sentence of several leaves there is no count', { and: [vip, { not: { or: [rich, poor] } }] }, [leaf('vip >= 2', 40), leaf('IN SEGMENT wealthy', 30), leaf('vip = 0', 50)], [{ eql: 'vip >= 2', left: 40 }, { eql: 'NOT (IN SEGMENT wealthy OR vip = 0)', left: 10 }],
    { 0: { eql: 'vip >= 2', count: 40, left: 40 }, 1: { eql: 'NOT (IN SEGMENT wealthy OR vip = 0)', left: 10 } }],
  ['what was counted of another rule is not shown', { and: [vip] }, [leaf('a', 1), leaf('b', 2)], [], {}],
])('%s', (_, root, leaves, after, wanted) => expect(Object.fromEntries(countsOf(root, { everyone: 100, leaves, after }))).toEqual(wanted));
