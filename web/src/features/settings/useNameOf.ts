import { useMemo } from 'react';
import { useLanguage } from '../../lib/texts';

// How the person who looks calls a role or an organisation.
export function useNameOf(things: { id: string; name_zh: string; name_en: string }[] | undefined): (id: string) => string {
  const language = useLanguage();
  const names = useMemo(() => new Map(things?.map(({ id, name_zh: zh, name_en: en }) => [id, (language === 'zh' ? zh : en) || zh || en || id])), [things, language]);
  return (id) => names.get(id) ?? id;
}
