import { useMemo } from 'react';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';

const kKnown = new Set(['marketing', 'service', 'transactional']);

// Channels and purposes as people call them.
export function useConsentWords() {
  const t = useTexts(texts);
  return useMemo(() => ({
    channel: (name: string) => (name === '*' ? t('allChannels') : name),
    purpose: (name: string) => (name === '*' ? t('allPurposes') : kKnown.has(name) ? t(name as 'marketing') : name),
  }), [t]);
}
