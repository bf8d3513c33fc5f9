import type { texts } from './texts';

type Word = keyof typeof texts.zh;

// "查看客群" of "segments.view".
export function rightName(t: (word: Word, values?: Record<string, string>) => string, right: string): string {
  const [object = '', action = ''] = right.split('.');
  return t('right', { action: t(`may_${action}` as Word), object: t(`of_${object}` as Word) });
}
