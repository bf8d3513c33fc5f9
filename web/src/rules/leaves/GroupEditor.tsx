import { Button, Dropdown, Segmented } from 'antd';
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useTexts } from '../../lib/texts';
import { add, edit, groupOf, isGroup, joinOf, membersOf, type Group, type Place, type Rule } from '../core/rule';
import { texts } from '../texts';
import type { Counted } from '../core/counts';
import { LeafRow } from './LeafRow';

const kNew = {
  attribute: { field: '', op: '=' },
  tag: { tag: '', op: '=' },
  did: { did: [{ event: '' }], range: { last: 30, unit: 'day' }, measure: 'count', op: '>=', value: 1 },
  sequence: { seq: [{ events: [{ event: '' }] }, { events: [{ event: '' }], within: { count: 1, unit: 'day' } }], range: { last: 30, unit: 'day' } },
  segment: { segment: '' },
  list: { list: '' },
  sample: { sample: 10, seed: 'a' },
  group: { or: [{ field: '', op: '=' }] },
} satisfies Record<string, Rule>;
const kKinds = Object.keys(kNew) as (keyof typeof kNew)[];

function AddButton({ onAdd, primary }: { onAdd: (rule: Rule) => void; primary: boolean }) {
  const t = useTexts(texts);
  return (
    <Dropdown trigger={['click']} menu={{ items: kKinds.map((kind) => ({ key: kind, label: <>{t(`add_${kind}`)} <span className="quiet">{t(`add_${kind}_like`)}</span></> })), onClick: ({ key }) => onAdd(kNew[key as keyof typeof kNew]) }}>
      <Button size={primary ? 'middle' : 'small'} type={primary ? 'primary' : 'dashed'} icon={<PlusOutlined />}>{t('addCondition')}</Button>
    </Dropdown>
  );
}

// A group and all in it. `place` is where it stands under `root`; what is changed is the root.
export function GroupEditor({ root, group, place, countedAt, onChange }: {
  root: Group; group: Group; place: Place; countedAt: (place: Place) => Counted | undefined; onChange: (root: Group) => void;
}) {
  const t = useTexts(texts);
  const members = membersOf(group);
  const replace = (at: Place, rule: Rule | undefined) => onChange(edit(root, at, () => rule));
  const setJoin = (join: 'and' | 'or') => {
    const changed = groupOf(join, members);
    if (place.length === 0) onChange(changed);
    else replace(place, changed);
  };
  return (
    <div className={members.length > 1 ? 'rule-group joined' : 'rule-group'} role="group" aria-label={t(joinOf(group) === 'and' ? 'all' : 'any')}>
      {members.length > 1 && (
        <div className="bar join">
          <Segmented size="small" aria-label={t('join')} value={joinOf(group)} onChange={setJoin} options={[{ value: 'and', label: t('all') }, { value: 'or', label: t('any') }]} />
          {place.length > 0 && <Button type="text" size="small" aria-label={t('removeGroup')} icon={<DeleteOutlined />} onClick={() => replace(place, undefined)} />}
        </div>
      )}
      {members.map((member, i) => {
        const at = [...place, i];
        return isGroup(member)
          ? <GroupEditor key={i} root={root} group={member} place={at} countedAt={countedAt} onChange={onChange} />
          : <LeafRow key={i} rule={member} counted={countedAt(at)} onChange={(rule) => replace(at, rule)} onRemove={() => replace(at, undefined)} />;
      })}
      <div><AddButton primary={place.length === 0 && members.length === 0} onAdd={(rule) => onChange(add(root, place, rule))} /></div>
    </div>
  );
}
