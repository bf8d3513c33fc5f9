import { useMemo } from 'react';
import { useTexts } from '../../lib/texts';
import { useChannelName } from '../../api/channelNames';
import { texts } from './texts';

const kKnown = new Set(['marketing', 'service', 'transactional']);

// Channels and purposes as people call them.
export function useConsentWords() {
  const t = useTexts(texts);
  const channel = useChannelName();
  return useMemo(() => ({
    channel: (name: string) => (name === '*' ? t('allChannels') : channel(name)),
    purpose: (name: string) => (name === '*' ? t('allPurposes') : kKnown.has(name) ? t(name as 'marketing') : name),
  }), [t, channel]);
}
