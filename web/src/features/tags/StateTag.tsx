import { Tag } from 'antd';
import type { Tag as TagOfServer, TagHealth } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';

const kStates: Record<TagOfServer['state'], string | undefined> = { draft: undefined, submitted: 'gold', certified: 'blue', live: 'green', frozen: 'gold', retired: undefined };
const kLevels = { good: 'green', warning: 'gold', alarm: 'red' };

export function StateTag({ state }: { state: TagOfServer['state'] }) {
  const t = useTexts(texts);
  return <Tag variant="filled" color={kStates[state]}>{t(state)}</Tag>;
}

export function LevelTag({ level }: { level: TagHealth['level'] }) {
  const t = useTexts(texts);
  return <Tag variant="filled" color={kLevels[level]}>{t(`level_${level}`)}</Tag>;
}
