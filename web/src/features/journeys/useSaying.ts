import { useMemo } from 'react';
import { useChannelName } from '../../api/channelNames';
import { useNames } from '../../api/names';
import { useJourneys, useLists, useSegments, useTagNames } from '../../api/queries';
import { labelOf } from '../../lib/label';
import { useLanguage, useTexts } from '../../lib/texts';
import type { Saying } from './kinds/kind';
import { texts } from './texts';

// What a line on a card needs: words, and what people call the things that it names.
export function useSaying(): Saying {
  const t = useTexts(texts), language = useLanguage(), names = useNames(), channel = useChannelName();
  const segments = useSegments().data?.items, lists = useLists().data?.items, tags = useTagNames().data?.items, journeys = useJourneys().data?.journeys;
  // Counts of journeys change all the time; what they are called does not.
  const titles = JSON.stringify((journeys ?? []).map(({ id, name, name_en }) => ({ id, name_zh: name, name_en })));
  return useMemo(() => {
    const all = { segment: segments, list: lists, tag: tags, journey: JSON.parse(titles) as { id: string }[] };
    return { t, language, names, channel, called: (kind, id) => labelOf(all[kind]?.find((one) => one.id === id) ?? { id }, language) };
  }, [t, language, names, channel, segments, lists, tags, titles]);
}
