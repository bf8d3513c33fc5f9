import { useChannels } from '../../../api/queries';
import { useTexts } from '../../../lib/texts';
import { OpenSelect } from '../../../ui/OpenSelect';
import { kUsualChannels, useChannelName } from '../../../api/channelNames';
import { texts } from '../texts';

// The channels there are, and the usual ones: without a channel their messages stay in the sandbox.
export function ChannelInput({ value, onChange }: { value: string; onChange: (channel: string) => void }) {
  const t = useTexts(texts);
  const there = useChannels().data?.channels ?? [];
  return <OpenSelect aria-label={t('channel')} width="100%" value={value} usual={[...there.map(({ name }) => name), ...kUsualChannels]} nameOf={useChannelName()} onChange={(channel) => onChange(channel ?? '')} />;
}
