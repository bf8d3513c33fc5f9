import { useCallback } from 'react';
import { useLanguage } from '../lib/texts';
import type { Page } from '../lib/page';

export function useTitles(): (page: Page) => string {
  const language = useLanguage();
  return useCallback(({ title: { texts, key } }) => texts[language][key] ?? key, [language]);
}
