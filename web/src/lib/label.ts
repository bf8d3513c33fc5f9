import type { Language } from './texts';

// What a thing that people made is called: its name in the language, in the other, or its id.
export const labelOf = ({ id, name_zh: zh, name_en: en }: { id: string; name_zh?: string; name_en?: string }, language: Language): string =>
  (language === 'zh' ? zh || en : en || zh) || id;

// The same of what has one name, and perhaps an English one.
export const namedIn = ({ name, name_en: en }: { name: string; name_en?: string }, language: Language): string => (language === 'en' && en) || name;

// A category of tags, which is a path: each step of it by its own name.
export function categoryName(path: string, categories: { name: string; name_en?: string }[], language: Language): string {
  if (language === 'zh') return path;
  const english = new Map(categories.map(({ name, name_en: en }) => [name, en]));
  return path.split('/').map((step, i, steps) => english.get(steps.slice(0, i + 1).join('/')) || step).join('/');
}

// An album of tags.
export const albumName = (name: string, albums: { name: string; name_en?: string }[], language: Language): string => namedIn(albums.find((one) => one.name === name) ?? { name }, language);

// A journey's; its id when it has no name.
export const journeyName = ({ id, name, name_en }: { id: string; name?: string; name_en?: string }, language: Language): string =>
  labelOf({ id, name_zh: name, name_en }, language);
