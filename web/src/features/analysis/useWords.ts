import { useMemo } from 'react';
import { useNames, type Names } from '../../api/names';
import { useLanguage, useTexts, type Language, type Say } from '../../lib/texts';
import { texts, type AnalysisKey } from './texts';

// What an answer is said with.
export interface Words {
  t: Say<AnalysisKey>;
  names: Names;
  language: Language;
}

export function useWords(): Words {
  const t = useTexts(texts);
  const names = useNames();
  const language = useLanguage();
  return useMemo(() => ({ t, names, language }), [t, names, language]);
}
