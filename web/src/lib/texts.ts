// The words of one feature, in every language. A key that one language lacks does not compile.
//
//   export const texts = defineTexts('home', { title: '首页' }, { title: 'Home' });
//   const t = useTexts(texts);  t('title')
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export type Language = 'zh' | 'en';

export interface Texts<Key extends string> {
  namespace: string;
  zh: Record<Key, string>;
  en: Record<Key, string>;
}

const kStored = 'waypost.language';

function firstLanguage(): Language {
  const stored = localStorage.getItem(kStored);
  if (stored === 'zh' || stored === 'en') return stored;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

void i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  resources: {},
  interpolation: { escapeValue: false }, // React escapes
});

export function defineTexts<const Zh extends Record<string, string>>(
  namespace: string, zh: Zh, en: Record<keyof Zh & string, string>,
): Texts<keyof Zh & string> {
  i18next.addResourceBundle('zh', namespace, zh);
  i18next.addResourceBundle('en', namespace, en);
  return { namespace, zh, en };
}

export type Say<Key extends string> = (key: Key, values?: Record<string, string | number>) => string;

export function useTexts<Key extends string>(texts: Texts<Key>): Say<Key> {
  const { t } = useTranslation(texts.namespace);
  return t as unknown as Say<Key>;
}

export function useLanguage(): Language {
  return useTranslation().i18n.language === 'zh' ? 'zh' : 'en';
}

// Between a sentence and what comes after it.
export const useGap = (): string => (useLanguage() === 'zh' ? '' : ' ');

// For what no component says.
export const languageNow = (): Language => (i18next.language === 'zh' ? 'zh' : 'en');

export function setLanguage(language: Language) {
  localStorage.setItem(kStored, language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  void i18next.changeLanguage(language);
}
