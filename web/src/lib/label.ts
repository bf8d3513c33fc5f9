import type { Language } from './texts';

// What a thing that people made is called: its name in the language, in the other, or its id.
export const labelOf = ({ id, name_zh: zh, name_en: en }: { id: string; name_zh?: string; name_en?: string }, language: Language): string =>
  (language === 'zh' ? zh || en : en || zh) || id;

// The same of what has one name, and perhaps an English one.
export const namedIn = ({ name, name_en: en }: { name: string; name_en?: string }, language: Language): string => (language === 'en' && en) || name;

// A journey's; its id when it has no name.
export const journeyName = ({ id, name, name_en }: { id: string; name?: string; name_en?: string }, language: Language): string =>
  labelOf({ id, name_zh: name, name_en }, language);
