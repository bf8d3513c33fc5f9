import { pinyin } from 'pinyin-pro';

export interface Found {
  words: string[]; // all names of the thing, in every language
}

// "转账成功" -> "zzcg"; what is not Chinese stays.
export function initials(text: string): string {
  return pinyin(text, { pattern: 'first', toneType: 'none', type: 'array' }).join('').toLowerCase();
}

// "转账成功" -> "zhuanzhangchenggong"
const spelled = (text: string): string => pinyin(text, { toneType: 'none', type: 'array' }).join('').toLowerCase();

// "近30天活跃" -> "j30thy": what an id may be made of.
export const idOf = (name: string): string =>
  initials(name).replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 64);

// How well a typed text fits: 0 not at all; a beginning fits better than a middle, letters of the
// words better than pinyin, whole or its initials.
export function fit(typed: string, words: string[]): number {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return 1;
  let best = 0;
  for (const word of words) {
    const at = word.toLowerCase().indexOf(wanted);
    if (at >= 0) best = Math.max(best, at === 0 ? 4 : 3);
    if (best < 2 && /^[a-z]+$/.test(wanted)) {
      const begins = [initials(word), spelled(word)].map((sound) => sound.indexOf(wanted));
      if (begins.some((place) => place >= 0)) best = Math.max(best, begins.includes(0) ? 2 : 1);
    }
  }
  return best;
}

export function search<T extends Found>(typed: string, things: T[], most: number): T[] {
  return things
    .map((thing) => ({ thing, score: fit(typed, thing.words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ thing }) => thing);
}
