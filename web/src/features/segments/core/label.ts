import type { Segment } from '../../../api/schema';
import type { Language } from '../../../lib/texts';

export const labelOf = ({ id, name_zh: zh, name_en: en }: Pick<Segment, 'id' | 'name_zh' | 'name_en'>, language: Language): string =>
  (language === 'zh' ? zh || en : en || zh) || id;
