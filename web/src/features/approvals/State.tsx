import { Tag } from 'antd';
import type { Approval } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';

const kColours: Record<Approval['state'], string | undefined> = { open: 'blue', approved: 'green', rejected: 'red', withdrawn: undefined, expired: 'gold' };

export function State({ of }: { of: Approval['state'] }) {
  const t = useTexts(texts);
  return <Tag variant="filled" color={kColours[of]}>{t(`state_${of}`)}</Tag>;
}
