import { useCallback } from 'react';
import { exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { texts } from './texts';

// A value of an attribute, a property or a tag as people read it.
export function useSaid(): (value: unknown) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  return useCallback(function said(value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return exact(value, language);
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return Array.isArray(value) ? value.map(said).join(language === 'zh' ? '、' : ', ') : JSON.stringify(value);
  }, [t, language]);
}
