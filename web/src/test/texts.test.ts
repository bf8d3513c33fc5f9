// @vitest-environment jsdom
import i18next from 'i18next';
import '../app/pages';
import '../app/texts';
import '../features/signin/texts';
import '../rules/texts';
import '../ui/texts';

// Every namespace that some feature defined, in both languages. The sources are read as text, so that a
// feature whose texts nobody imports is found too.
const sources = import.meta.glob<string>('../**/texts.ts', { eager: true, query: '?raw', import: 'default' });
const namespaces = Object.values(sources).map((source) => /defineTexts\('(\w+)'/.exec(source)?.[1]).filter((name) => name !== undefined);
const namespaceOf = Object.fromEntries(Object.entries(sources).map(([file, source]) => [file.slice(2).replace(/\.ts$/, ''), /defineTexts\('(\w+)'/.exec(source)?.[1]]));
const bundle = (language: string, namespace: string) => (i18next.getResourceBundle(language, namespace) ?? {}) as Record<string, string>;
const variables = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

test('every feature has texts', () => expect(namespaces.length).toBeGreaterThanOrEqual(7));

describe.each(namespaces)('the texts of %s', (namespace) => {
  const zh = bundle('zh', namespace), en = bundle('en', namespace);
  test('have the same keys in both languages', () => {
    expect(Object.keys(zh).length).toBeGreaterThan(0);
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });
  test('are not empty, and name the same values', () => {
    for (const [key, text] of Object.entries(zh)) {
      expect(text.trim(), key).not.toBe('');
      expect(en[key]?.trim(), key).not.toBe('');
      expect(variables(en[key] ?? ''), key).toEqual(variables(text));
    }
  });
  test('are Chinese in Chinese and not in English', () => {
    for (const [key, text] of Object.entries(en)) {
      if (key !== 'language' && key !== 'switchLanguage') expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});

// A text in the markup instead of in texts.ts would be the same in both languages.
test('components have no words of their own', () => {
  const components = import.meta.glob<string>(['../**/*.tsx', '!../**/*.test.tsx'], { eager: true, query: '?raw', import: 'default' });
  for (const [file, source] of Object.entries(components)) {
    const code = source.replace(/^\s*\/\/.*$/gm, '').replace(/'，'/g, '').replace(/}，\$/g, '').replace(/<kbd>.*?<\/kbd>/g, '');
    expect(code, file).not.toMatch(/[\u4e00-\u9fff]/);
    for (const [, words] of code.matchAll(/>([A-Z][a-z]+ [^<>{}()=;]*)</g)) expect.fail(`${file}: ${words}`);
  }
});

// `useGap` of lib/texts.ts says what stands there.
test('in Chinese no sentence is followed by a space', () => {
  const components = import.meta.glob<string>(['../**/*.tsx', '!../**/*.test.tsx'], { eager: true, query: '?raw', import: 'default' });
  const found = Object.entries(components).flatMap(([file, source]) => {
    const place = /import {[^}]*\btexts\b[^}]*} from '(.*)'/.exec(source)?.[1] ?? '';
    const zh = bundle('zh', namespaceOf[new URL(place, `http://x${file.slice(2)}`).pathname] ?? '');
    const after = [...source.matchAll(/\bt\('(\w+)'(?:, {[^{}]*})?\)}(?: |{' '})(?=<|\$?{(?!\.))/g)].filter(([, key]) => /[。！？；：]$/.test(zh[key!] ?? ''));
    return [...after, ...source.matchAll(/` \${t\('(\w+)'/g)].map(([, key]) => `${file}: ${key}`);
  });
  expect(found).toEqual([]);
});

test('between two things stands what the language has there: comma() and colon() of lib/format', () => {
  const components = import.meta.glob<string>(['../**/*.tsx', '!../**/*.test.tsx'], { eager: true, query: '?raw', import: 'default' });
  const marked = Object.entries(components).flatMap(([file, source]) => source.split('\n').filter((line) => !line.includes("=== 'zh'") && /'[、；：]'|\}: \$\{/.test(line)).map((line) => `${file}: ${line.trim()}`));
  expect(marked).toEqual([]);
});
