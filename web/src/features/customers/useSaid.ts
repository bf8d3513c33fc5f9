import { useCallback } from 'react';
import { comma, exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { texts } from './texts';

// Numbers that name something, by how people call such properties: order_no, sessionId.
const kNames = /(^|[_.])(id|no|code)$|[a-z](Id|No|Code)$/;

// A value of an attribute, a property or a tag as people read it; a number that names something, digit by digit.
export function useSaid(): (value: unknown, of?: string) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  return useCallback(function said(value: unknown, of = ''): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return kNames.test(of) ? String(value) : exact(value, language);
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return Array.isArray(value) ? value.map((one) => said(one, of)).join(comma(language)) : JSON.stringify(value);
  }, [t, language]);
}
